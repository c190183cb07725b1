//! What the reader tries to reach, and how near a run is to it.

use transcript::{ConstraintKind, Transcript};

/// What the reader tries to reach.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Prints(String),
    Before(String, String),
    Deadlock,
    Breaks(String),
    Illegal,
}

/// How near a run is to the goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Open,
    Reached,
    Missed,
}

/// What is known about a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'p> {
    pub(super) output: &'p str,
    pub(super) broken_arrows: &'p [&'p str],
    /// Whether no legal run begins like this.
    pub(super) is_illegal: bool,
    /// Whether it has ended, and whether that is because no task could ever go on.
    pub(super) has_ended: bool,
    pub(super) is_deadlock: bool,
}

impl Goal {
    /// Reads a goal in one of the forms that [`GOALS`](crate::cli::GOALS) lists.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for people.
    pub(super) fn parse(text: &str, transcript: Option<&Transcript>) -> Result<Self, String> {
        let text = text.trim();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        match (word, rest) {
            ("prints", "") => Err("after `prints`, write a part of a line".to_owned()),
            ("prints", part) => Ok(Self::Prints(part.to_owned())),
            ("breaks", arrow) => Self::breaks(arrow, transcript),
            ("deadlock", "") => Ok(Self::Deadlock),
            ("illegal", "") if transcript.is_none() => Err(NO_TRANSCRIPT.to_owned()),
            ("illegal", "") => Ok(Self::Illegal),
            _ => match text.split_once("->") {
                Some((one, other)) if !one.trim().is_empty() && !other.trim().is_empty() => {
                    Ok(Self::Before(one.trim().to_owned(), other.trim().to_owned()))
                }
                Some(_) => Err("write a part of a line on either side of `->`".to_owned()),
                None => Err("it has none of the forms".to_owned()),
            },
        }
    }

    fn breaks(arrow: &str, transcript: Option<&Transcript>) -> Result<Self, String> {
        let Some(transcript) = transcript else { return Err(NO_TRANSCRIPT.to_owned()) };
        let constraints = transcript.constraints();
        let arrows = constraints.iter().filter(|one| one.kind == ConstraintKind::Arrow);
        let mut arrows = arrows.map(|arrow| arrow.text.as_str());
        let is_same = |other: &&str| other.split_whitespace().eq(arrow.split_whitespace());
        if let Some(arrow) = arrows.clone().find(is_same) {
            return Ok(Self::Breaks(arrow.to_owned()));
        }
        let all: Vec<String> = arrows.by_ref().map(|arrow| format!("`{arrow}`")).collect();
        let name = transcript.name();
        Err(match &all[..] {
            [] => format!("{name} has no arrow"),
            all => format!("the arrows of {name} are {}", all.join(", ")),
        })
    }

    pub(super) fn progress(&self, known: Known<'_>) -> Progress {
        let is_reached = match self {
            Self::Prints(part) => known.output.lines().any(|line| holds(line, part)),
            Self::Before(one, other) => match is_first(known.output, one, other) {
                Some(true) => true,
                Some(false) => return Progress::Missed,
                None => false,
            },
            Self::Deadlock => known.is_deadlock,
            Self::Breaks(arrow) => known.broken_arrows.contains(&arrow.as_str()),
            Self::Illegal => known.is_illegal,
        };
        match (is_reached, known.has_ended) {
            (true, _) => Progress::Reached,
            (false, false) => Progress::Open,
            (false, true) => Progress::Missed,
        }
    }

    /// The parts of lines that it speaks of.
    pub(super) fn parts(&self) -> Vec<&str> {
        match self {
            Self::Prints(part) => vec![part],
            Self::Before(one, other) => vec![one, other],
            Self::Deadlock | Self::Breaks(_) | Self::Illegal => Vec::new(),
        }
    }

    /// The goal in words: `a line with "1"`.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Prints(part) => format!("a line with \"{part}\""),
            Self::Before(one, other) => {
                format!("a line with \"{one}\" before any with \"{other}\"")
            }
            Self::Deadlock => "a deadlock".to_owned(),
            Self::Breaks(arrow) => format!("an output that breaks {arrow}"),
            Self::Illegal => "a run that the transcript does not allow".to_owned(),
        }
    }

    /// When it is reached, and when it is missed.
    pub(super) fn explained(&self) -> String {
        match self {
            Self::Prints(_) => "It is reached as soon as such a line comes.".to_owned(),
            Self::Before(one, other) => format!(
                "It is reached as soon as a line with \"{one}\" comes, and missed if one with \"{other}\" comes first."
            ),
            Self::Deadlock => "It is reached when no task can ever go on.".to_owned(),
            Self::Breaks(arrow) => match arrow.split_once("->") {
                Some((one, other)) => format!(
                    "It is reached as soon as a line of `{}` below the arrow comes before one of `{}` above it.",
                    other.trim(),
                    one.trim()
                ),
                None => format!(
                    "It is reached as soon as a line below `{arrow}` comes before one above it."
                ),
            },
            Self::Illegal => "It is reached when a check of this run would fail.".to_owned(),
        }
    }
}

const NO_TRANSCRIPT: &str = "there is no transcript for these options";

/// Whether a line with the first text came before any with the second one. None if neither has come yet. A line with
/// both is one with the second.
fn is_first(output: &str, one: &str, other: &str) -> Option<bool> {
    let mut lines = output.lines();
    let line = lines.find(|line| holds(line, one) || holds(line, other))?;
    Some(!holds(line, other))
}

/// What lines say against a goal: they contain no such text, so it may be misspelt.
pub(super) fn unusual(goal: &Goal, lines: &str) -> Option<String> {
    let missing = |part: &&str| !lines.lines().any(|line| holds(line, part));
    let told = goal.parts().into_iter().filter(missing).map(|part| {
        let mut words: Vec<&str> =
            lines.split_whitespace().filter(|it| it.contains(part)).collect();
        words.sort_unstable();
        words.dedup();
        let none = format!("A run in the usual order prints no line with \"{part}\"");
        match words.is_empty() {
            true => format!("{none}."),
            false => format!("{none} as a whole word, only {}.", words.join(", ")),
        }
    });
    let told = told.collect::<Vec<_>>().join(" ");
    (!told.is_empty()).then_some(told)
}

/// Whether a line contains a text as whole words: `task 1` is not in `task 10`.
pub(super) fn holds(line: &str, part: &str) -> bool {
    let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let (begins, ends) = (is_word(part.chars().next()), is_word(part.chars().next_back()));
    line.match_indices(part).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + part.len()..].chars().next();
        let is_inside_a_word = begins && is_word(before) || ends && is_word(after);
        !is_inside_a_word
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Known<'_> = Known {
        output: "",
        broken_arrows: &[],
        is_illegal: false,
        has_ended: false,
        is_deadlock: false,
    };

    fn transcript() -> Transcript {
        let text = "child | bye\nchild -> parent\nparent | reaped\n";
        Transcript::parse("three.txt", text).expect("a transcript")
    }

    #[test]
    fn each_form_is_read() {
        let transcript = transcript();
        for (text, goal) in [
            ("prints 1", Goal::Prints("1".to_owned())),
            ("  prints  a -> b ", Goal::Prints("a -> b".to_owned())),
            (
                "child: ends -> parent: ends",
                Goal::Before("child: ends".into(), "parent: ends".into()),
            ),
            ("deadlock", Goal::Deadlock),
            ("breaks  child  ->  parent", Goal::Breaks("child -> parent".to_owned())),
            ("illegal", Goal::Illegal),
        ] {
            assert_eq!(Goal::parse(text, Some(&transcript)), Ok(goal), "{text}");
        }
        for (text, error) in [
            ("", "it has none of the forms"),
            ("win", "it has none of the forms"),
            ("deadlocks", "it has none of the forms"),
            ("prints", "after `prints`, write a part of a line"),
            ("-> b", "write a part of a line on either side of `->`"),
            ("breaks parent -> child", "the arrows of three.txt are `child -> parent`"),
        ] {
            assert_eq!(Goal::parse(text, Some(&transcript)), Err(error.to_owned()), "{text}");
        }
        assert_eq!(Goal::parse("illegal", None), Err(NO_TRANSCRIPT.to_owned()));
        assert_eq!(Goal::parse("breaks a -> b", None), Err(NO_TRANSCRIPT.to_owned()));
    }

    #[test]
    fn a_goal_is_open_until_it_is_reached_or_missed() {
        use Progress::{Missed, Open, Reached};
        let goal = |text| Goal::parse(text, Some(&transcript())).expect("a goal");
        for (text, output, progress) in [
            ("prints 1", "task 10\n", Open),
            ("prints 1", "task 10\ntask 1\n", Reached),
            ("bye -> reaped", "", Open),
            ("bye -> reaped", "hello\n", Open),
            ("bye -> reaped", "hello\nbye\n", Reached),
            ("bye -> reaped", "bye\nreaped\n", Reached),
            ("bye -> reaped", "reaped, bye\n", Missed),
            ("bye -> reaped", "reaped\n", Missed),
            ("bye -> reaped", "reaped\nbye\n", Missed),
            ("deadlock", "bye\n", Open),
        ] {
            let known = Known { output, ..NOTHING };
            assert_eq!(goal(text).progress(known), progress, "{text}: {output}");
            let last = if progress == Reached { Reached } else { Missed };
            assert_eq!(
                goal(text).progress(Known { has_ended: true, ..known }),
                last,
                "{text}: {output}"
            );
        }
        let known = Known { broken_arrows: &["child -> parent"], is_illegal: true, ..NOTHING };
        assert_eq!(goal("breaks child -> parent").progress(known), Reached);
        assert_eq!(goal("illegal").progress(known), Reached);
        let known = Known { has_ended: true, is_deadlock: true, ..NOTHING };
        assert_eq!(goal("deadlock").progress(known), Reached);
    }
}
