//! A chapter's text, as the checks see it, and the names of its sections.

use std::path::Path;

use course::{Chapter, Course, Flaw, Scene};

use super::outline::Outline;

/// The sections below the title.
pub(crate) const IDEA: &str = "The idea";
/// The core scenes.
pub(crate) const SCENES: &str = "The scenes";
/// The scenes that a reader may skip; only a chapter that has some has this section.
pub(crate) const MORE: &str = "More scenes";
pub(crate) const PYTHON: &str = "Python to Rust";
pub(crate) const SURPRISES: &str = "Surprises";
pub(crate) const REAL_WORLD: &str = "In the real world";
pub(crate) const READ_NEXT: &str = "Read next";
pub(crate) const QUESTIONS: &str = "Three questions";

/// The sections in their order.
pub(crate) const SECTIONS: [&str; 8] =
    [IDEA, SCENES, MORE, PYTHON, SURPRISES, REAL_WORLD, READ_NEXT, QUESTIONS];

/// A chapter and its text.
pub(crate) struct ChapterText<'o> {
    pub(crate) course: &'o Course,
    pub(crate) chapter: &'o Chapter,
    pub(crate) scenes: &'o [Scene],
    pub(crate) flaws: &'o [Flaw],
    /// The README, and its outline.
    pub(crate) file: &'o Path,
    pub(crate) outline: &'o Outline<'o>,
}

/// The scenes that the heading of a section names, and whether it has the form `` `one`: title `` or
/// `` `one` and `two`: title ``.
pub(crate) fn named(heading: &str) -> (Vec<&str>, bool) {
    let (head, title) = heading.split_once(": ").unwrap_or((heading, ""));
    let names: Vec<&str> = head.split('`').skip(1).step_by(2).collect();
    let is_whole = match names[..] {
        [one] => head == format!("`{one}`"),
        [one, two] => head == format!("`{one}` and `{two}`"),
        _ => false,
    };
    (names, is_whole && !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_one_scene_or_two_and_says_what_they_show() {
        assert_eq!(named("`one`: a `title`: so"), (vec!["one"], true));
        assert_eq!(named("`one` and `two`: the same"), (vec!["one", "two"], true));
        assert_eq!(named("`one`"), (vec!["one"], false));
        assert_eq!(named("`one`, `two`: a title"), (vec!["one", "two"], false));
        assert_eq!(named("`a` and `b` and `c`: d"), (vec!["a", "b", "c"], false));
        assert_eq!(named("one: a title"), (vec![], false));
    }
}
