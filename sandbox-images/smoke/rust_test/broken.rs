#[cfg(test)]
mod tests {
    #[test]
    fn broken() {
        assert_eq!(2, nothing);
    }
}
