//! Is a server still past what a table knows of it?

/// Whether a version comes before another. Those of Kubernetes are whole numbers that only grow; of others nothing is said.
pub(super) fn goes_back(known: &str, now: &str) -> bool {
    match (known.parse::<u64>(), now.parse::<u64>()) {
        (Ok(known), Ok(now)) => now < known,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::goes_back;

    #[test]
    fn only_whole_numbers_are_compared_and_the_same_is_no_step_back() {
        for (known, now, back) in
            [("7", "3", true), ("10", "9", true), ("9", "10", false), ("7", "7", false), ("a7", "3", false), ("7", "", false), ("", "3", false)]
        {
            assert_eq!(goes_back(known, now), back, "{known} {now}");
        }
    }
}
