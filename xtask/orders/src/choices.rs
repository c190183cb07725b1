//! A run as a list of numbers.

use std::fmt;
use std::str::FromStr;

/// What was chosen in a run: at each point with two moves or more, the number of the move that was taken, from 0.
///
/// A point with one move leaves no choice, and adds no number. The text `0,1,0,2` can be stored, typed and replayed. No
/// choice at all is written as one zero: a replay takes the first move anyway where no number is left.
///
/// ```
/// use orders::Choices;
///
/// let choices: Choices = "0,1,0,2".parse()?;
/// assert_eq!(choices.numbers(), [0, 1, 0, 2]);
/// assert_eq!(choices.to_string(), "0,1,0,2");
/// # Ok::<(), orders::NoChoices>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Choices(Vec<usize>);

/// A text that is not a list of choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoChoices {
    /// The part that is not a number, and its place in the list, from 1.
    part: String,
    place: usize,
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
        let numbers: Vec<String> = self.0.iter().map(usize::to_string).collect();
        out.pad(if numbers.is_empty() { "0".to_owned() } else { numbers.join(",") }.as_str())
    }
}

impl FromStr for Choices {
    type Err = NoChoices;

    fn from_str(text: &str) -> Result<Choices, NoChoices> {
        let number = |(index, part): (usize, &str)| {
            let part = part.trim();
            part.parse().map_err(|_| NoChoices { part: part.to_owned(), place: index + 1 })
        };
        text.split(',').enumerate().map(number).collect()
    }
}

impl fmt::Display for NoChoices {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoChoices { part, place } = self;
        match part.as_str() {
            "" => write!(out, "choice {place} is missing")?,
            part => write!(out, "choice {place} is {part:?}, which is not a number of a move")?,
        }
        write!(out, ": choices are numbers from 0 on, such as 0,1,0,2")
    }
}

impl std::error::Error for NoChoices {}
