//! The entry point: reads a text, with the kinds that its holes may name.

use std::sync::Arc;

use super::expand::expand;
use super::parse::parse;
use crate::error::{ParseError, Source};
use crate::model::{OwnKind, Transcript};

/// The kinds of the format.
const KINDS: [&str; 6] = ["pid", "tid", "int", "secs", "word", "text"];

/// Reads transcripts whose holes may have kinds that the format does not know.
///
/// ```
/// use transcript::{Timing, Transcript, Verdict};
///
/// let parser = Transcript::parser().kind(
///     "hex",
///     |text| text.bytes().all(|byte| byte.is_ascii_hexdigit()),
///     |number| format!("{:x}", 0xbeef + number),
/// );
/// let transcript = parser.parse("ring.txt", "a | sends {key:hex}\na -> b\nb | got {key}\n")?;
/// assert_eq!(transcript.neutral(), ["sends beef", "got beef"]);
/// let verdict = transcript.judge("sends 7f\ngot 7f\n", Timing::Judged);
/// assert!(matches!(verdict, Verdict::Accepted(_)));
/// let verdict = transcript.judge("sends 7g\ngot 7g\n", Timing::Judged);
/// assert!(matches!(verdict, Verdict::Rejected(_)));
/// # Ok::<(), transcript::ParseError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Parser {
    kinds: Vec<OwnKind>,
}

impl Parser {
    /// Adds a kind: `{key:hex}` then takes each value for which `admits` returns true. `admits` gets the whole value.
    ///
    /// A value has no blank and at most 256 bytes. `example` makes values for drawings and for samples. For different
    /// numbers it should make different values, if the kind has enough of them.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let level = |number: u64| ["info", "warn"][number as usize % 2].to_owned();
    /// let parser = Transcript::parser().kind("level", |text| ["info", "warn"].contains(&text), level);
    /// let transcript = parser.parse("log.txt", "a | {:level}: started\n")?;
    /// assert_eq!(transcript.neutral(), ["info: started"]);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `name` is not a letter followed by letters, digits or `_`, or if there is a kind of that name already.
    #[must_use]
    pub fn kind(
        mut self,
        name: &str,
        admits: impl Fn(&str) -> bool + Send + Sync + 'static,
        example: impl Fn(u64) -> String + Send + Sync + 'static,
    ) -> Parser {
        let letters = |c: char| c.is_alphanumeric() || c == '_';
        let is_name = name.chars().all(letters) && name.starts_with(char::is_alphabetic);
        assert!(is_name, "`{name}` cannot name a kind: a letter, then letters, digits or `_`");
        let taken = KINDS.contains(&name) || self.kinds.iter().any(|kind| *kind.name == *name);
        assert!(!taken, "there is a kind `{name}` already");
        let own =
            OwnKind { name: name.into(), admits: Arc::new(admits), example: Arc::new(example) };
        self.kinds.push(own);
        self
    }

    /// Reads a transcript. `name` is the file's name in messages.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let error = Transcript::parser().parse("t.txt", "a | {p:hex}\n").unwrap_err();
    /// assert_eq!(error.mistakes[0].message, "unknown kind `hex`");
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is not understood, each mistake with its line, its column and what to write instead.
    pub fn parse(&self, name: &str, text: &str) -> Result<Transcript, ParseError> {
        let source = Source { file: name, text };
        let file = parse(source, &self.kinds)?;
        expand(source, &file, &self.kinds)
    }
}

impl Transcript {
    /// Reads a transcript. `name` is the file's name in messages.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let error = Transcript::parse("t.txt", "for i in 1..3\n  a | {i}\na > b\n").unwrap_err();
    /// assert_eq!(error.mistakes[0].help, "write `1..=3`: both ends are included");
    /// assert_eq!((error.mistakes[1].line, error.mistakes[1].column), (3, 1));
    /// ```
    ///
    /// # Errors
    ///
    /// Everything that is not understood, each mistake with its line, its column and what to write instead.
    pub fn parse(name: &str, text: &str) -> Result<Transcript, ParseError> {
        Transcript::parser().parse(name, text)
    }

    /// A parser to which further kinds can be added.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let parser = Transcript::parser().kind("bit", |text| ["0", "1"].contains(&text), |n| (n % 2).to_string());
    /// assert!(parser.parse("t.txt", "a | sends {:bit}\n").is_ok());
    /// ```
    pub fn parser() -> Parser {
        Parser::default()
    }

    /// Reads another text with the kinds of this transcript.
    pub(crate) fn parse_again(&self, text: &str) -> Result<Transcript, ParseError> {
        Parser { kinds: self.kinds.clone() }.parse(&self.name, text)
    }
}
