#[cfg(test)]
mod tests {
    #[test]
    fn crash() {
        assert_eq!(3, 1 + 1);
    }
}
