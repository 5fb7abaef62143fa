"""Other services' wire contracts, so that their clients work with Assay: two pure functions and a route each."""
