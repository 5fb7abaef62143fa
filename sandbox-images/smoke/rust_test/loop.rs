#[cfg(test)]
mod tests {
    #[test]
    fn endless() {
        loop {
            std::hint::black_box(1);
        }
    }
}
