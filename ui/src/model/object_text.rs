//! Which of many objects is the one whose text is read?

/// Kind and name.
pub type Named = (String, String);

/// Where the chosen object stands now; the first one while nobody chose, and when the chosen one is gone.
pub fn place(objects: &[Named], chosen: Option<&Named>) -> usize {
    chosen.and_then(|chosen| objects.iter().position(|one| one == chosen)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<Named> {
        names.iter().map(|name| ("Machine".to_owned(), (*name).to_owned())).collect()
    }

    #[test]
    fn the_chosen_object_stays_the_one_that_is_read_wherever_it_stands() {
        let cases: [(&[&str], Option<&str>, usize); 7] = [
            (&["a", "b", "c"], None, 0),
            (&["a", "b", "c"], Some("b"), 1),
            (&["a", "new", "b", "c"], Some("b"), 2),
            (&["b", "c"], Some("b"), 0),
            (&["c", "b", "a"], Some("c"), 0),
            (&["a", "c"], Some("b"), 0),
            (&[], Some("b"), 0),
        ];
        for (names, chosen, at) in cases {
            let chosen = chosen.and_then(|name| named(&[name]).pop());
            assert_eq!(place(&named(names), chosen.as_ref()), at, "{chosen:?} of {names:?}");
        }
    }

    #[test]
    fn an_object_of_another_kind_with_its_name_is_another_one() {
        let objects = [("Cluster".to_owned(), "lab-a".to_owned()), ("DevCluster".to_owned(), "lab-a".to_owned())];
        assert_eq!(place(&objects, objects.last()), 1);
    }
}
