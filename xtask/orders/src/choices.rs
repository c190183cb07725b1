//! A run as a list of numbers.

use std::fmt::{self, Write};
use std::str::FromStr;

/// What was chosen in a run: at each point with two moves or more, the number of the move that was taken, from 0.
///
/// A point with one move leaves no choice, and adds no number. The text `0,1,0,2` can be stored, typed and replayed. No
/// choice at all is written as one zero: a replay takes the first move anyway where no number is left.
///
/// A run may have thousands of choices, and most of them are equal to the one before. Five equal choices or more are
/// written as one part, such as `1200x0`: 1,200 times the choice 0. No shell gives this text another meaning.
///
/// ```
/// use orders::Choices;
///
/// let choices: Choices = "0,1,0,2".parse()?;
/// assert_eq!(choices.numbers(), [0, 1, 0, 2]);
/// assert_eq!(choices.to_string(), "0,1,0,2");
///
/// let choices: Choices = "3,0,0,0,0,0,0,1,2x4".parse()?;
/// assert_eq!(choices.numbers(), [3, 0, 0, 0, 0, 0, 0, 1, 4, 4]);
/// assert_eq!(choices.to_string(), "3,6x0,1,4,4");
/// # Ok::<(), orders::NoChoices>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Choices(Vec<usize>);

/// From this many equal choices on, they are written as one part. A few are easier to read one by one.
const SHORTENED: usize = 5;

/// The most choices of a list. No run has so many, and a typing error must not fill the memory.
const MOST: usize = 100_000;

/// A text that is not a list of choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoChoices {
    /// The part that is wrong, and the place in the list of the choice that it begins with, from 1.
    part: String,
    place: usize,
    fault: Fault,
}

/// What is wrong with a part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Missing,
    NoNumber,
    /// It is a choice that is made 0 times.
    Never,
    TooMany,
}

impl Choices {
    /// The numbers, from the first point on.
    pub fn numbers(&self) -> &[usize] {
        &self.0
    }

    pub(crate) fn push(&mut self, number: usize) {
        self.0.push(number);
    }
}

impl FromIterator<usize> for Choices {
    fn from_iter<N: IntoIterator<Item = usize>>(numbers: N) -> Choices {
        Choices(numbers.into_iter().collect())
    }
}

impl fmt::Display for Choices {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for equal in self.0.chunk_by(|one, next| one == next) {
            let (times, number) = (equal.len(), equal[0]);
            if times >= SHORTENED {
                write!(text, ",{times}x{number}")?;
            } else {
                equal.iter().try_for_each(|number| write!(text, ",{number}"))?;
            }
        }
        out.pad(text.strip_prefix(',').unwrap_or("0"))
    }
}

impl FromStr for Choices {
    type Err = NoChoices;

    fn from_str(text: &str) -> Result<Choices, NoChoices> {
        let mut numbers = Vec::new();
        for part in text.split(',').map(str::trim) {
            let place = numbers.len() + 1;
            let wrong = |fault| NoChoices { part: part.to_owned(), place, fault };
            let (times, number) = read(part).map_err(wrong)?;
            if times > MOST - numbers.len() {
                return Err(wrong(Fault::TooMany));
            }
            numbers.extend(std::iter::repeat_n(number, times));
        }
        Ok(Choices(numbers))
    }
}

/// How often a part of a list makes which choice.
fn read(part: &str) -> Result<(usize, usize), Fault> {
    let number = |text: &str| match text {
        "" => Err(Fault::Missing),
        // A sign is no part of a number.
        text if !text.bytes().all(|byte| byte.is_ascii_digit()) => Err(Fault::NoNumber),
        text => text.parse().map_err(|_| Fault::NoNumber),
    };
    let Some((times, choice)) = part.split_once('x') else { return Ok((1, number(part)?)) };
    let both = number(times).and_then(|times| Ok((times, number(choice)?)));
    match both.map_err(|_| Fault::NoNumber)? {
        (0, _) => Err(Fault::Never),
        both => Ok(both),
    }
}

impl fmt::Display for NoChoices {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoChoices { part, place, fault } = self;
        match fault {
            Fault::Missing => write!(out, "choice {place} is missing")?,
            Fault::NoNumber => {
                write!(out, "choice {place} is {part:?}, which is not a number of a move")?;
            }
            Fault::Never => write!(out, "choice {place} is {part:?}, which is made 0 times")?,
            Fault::TooMany => {
                return write!(out, "with {part:?}, the list has more than {MOST} choices");
            }
        }
        write!(out, ": choices are numbers from 0 on, such as 0,1,0,2; 3x0 means 0,0,0")
    }
}

impl std::error::Error for NoChoices {}
