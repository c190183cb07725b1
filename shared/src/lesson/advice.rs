//! Did you mean?

use std::iter;

/// What to say about a name that is none of `names`.
pub(super) fn unknown<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let word = name.trim_start_matches('-');
    let dashes = &name[..name.len() - word.len()];
    let nearest = names.iter().map(|known| (distance(word, known), known)).min();
    let advice = match nearest {
        Some((typos, known)) if typos <= 1 + word.chars().count() / 3 => {
            format!("did you mean {dashes}{known}?")
        }
        Some(_) => format!("there is {dashes}{}", names.join(&format!(", {dashes}"))),
        None => "there is none".to_owned(),
    };
    format!("no {what}: {name}; {advice}")
}

/// How many letters to add, drop or change to get from one word to the other (Levenshtein). A beginning of the word
/// counts as the word.
fn distance(typed: &str, known: &str) -> usize {
    if known.starts_with(typed) {
        return 0;
    }
    let known: Vec<char> = known.chars().collect();
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (line, letter) in typed.chars().enumerate() {
        let above = row.clone();
        row[0] = line + 1;
        for (column, other) in iter::zip(1.., &known) {
            let change = above[column - 1] + usize::from(letter != *other);
            row[column] = change.min(above[column] + 1).min(row[column - 1] + 1);
        }
    }
    row[known.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_gets_the_nearest_one() {
        let names = ["who-am-i", "zombie", "orphan"];
        let advice = |name| unknown("scene", name, names.into_iter());
        assert_eq!(advice("whoami"), "no scene: whoami; did you mean who-am-i?");
        assert_eq!(advice("zom"), "no scene: zom; did you mean zombie?");
        assert_eq!(advice("pool"), "no scene: pool; there is who-am-i, zombie, orphan");
        assert_eq!(
            unknown("option of map", "--x", [].into_iter()),
            "no option of map: --x; there is none"
        );
        assert_eq!(
            unknown("option of map", "--wrokers", ["workers"].into_iter()),
            "no option of map: --wrokers; did you mean --workers?"
        );
    }

    #[test]
    fn distance_counts_single_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 0, "a beginning");
        assert_eq!(distance("abcd", "abc"), 1);
        assert_eq!(distance("ordre", "order"), 2);
    }
}
