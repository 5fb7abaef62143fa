fn main() {
    println!("{}", nothing);
}
