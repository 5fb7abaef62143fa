#[cfg(test)]
mod tests {
    #[test]
    fn hello() {
        assert_eq!(2, 1 + 1);
    }
}
