//! A transcript as a whole.

use super::order::{Arrow, Edge, Order};
use super::rule::Rule;
use super::seen::SeenRule;
use super::value::{OwnKind, Variable};

/// The expected output of one program: a partial order of lines.
///
/// ```
/// use transcript::{Timing, Transcript, Verdict};
///
/// let text = "a | left\nb | right\na, b -> c\nc | done\n";
/// let transcript = Transcript::parse("demo.txt", text)?;
/// assert_eq!(transcript.count().to_string(), "2");
/// let verdict = transcript.judge("right\nleft\ndone\n", Timing::Judged);
/// assert!(matches!(verdict, Verdict::Accepted(_)));
/// let verdict = transcript.judge("right\ndone\nleft\n", Timing::Judged);
/// assert!(matches!(verdict, Verdict::Rejected(_)));
/// # Ok::<(), transcript::ParseError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Transcript {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) command: Vec<String>,
    pub(crate) exits: i32,
    pub(crate) lanes: Vec<String>,
    pub(crate) events: Vec<Event>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) rules: Vec<Rule>,
    /// What at least one of several runs must satisfy.
    pub(crate) seen: Vec<SeenRule>,
    pub(crate) arrows: Vec<Arrow>,
    pub(crate) order: Order,
    /// The kinds that the parser knew in addition to those of the format.
    pub(crate) kinds: Vec<OwnKind>,
}

/// One line that a run prints.
#[derive(Debug, Clone)]
pub struct Event {
    /// Index into [`Transcript::lanes`].
    pub lane: usize,
    /// The line of the file that it comes from, from 1.
    pub line: usize,
    /// Its text with loop constants filled in and holes by name: `child {c}: exiting with 7`.
    pub text: String,
    /// How often it occurs.
    pub times: Times,
    /// Whether it is a claim about time, which is not judged if the machine stalled.
    pub timing: bool,
    pub(crate) pattern: Vec<Piece>,
    /// Its text as written in the file.
    pub(crate) source: Vec<SourcePart>,
}

/// A part of an event's text in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SourcePart {
    Text(String),
    /// A hole as written, and its content in this turn of its loops.
    Hole {
        written: String,
        filled: Piece,
    },
}

/// How often an event occurs in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// `lane | text`: exactly once.
    Once,
    /// `lane ?| text`: once or not at all.
    Optional,
    /// `lane *| text`: any number of times without another line of the lane in between, or not at all.
    Many,
}

/// A part of an event's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// Index into the variables.
    Hole(usize),
}

impl Piece {
    pub(crate) fn literal(&self) -> Option<&str> {
        match self {
            Piece::Text(text) => Some(text),
            Piece::Hole(_) => None,
        }
    }
}

impl Transcript {
    /// The file's name in messages.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("fork.txt", "a | x\n")?;
    /// assert_eq!(transcript.name(), "fork.txt");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The words after `$`; empty if the file names no command.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "$ demo --fast\na | x\n")?;
    /// assert_eq!(transcript.command(), ["demo", "--fast"]);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn command(&self) -> &[String] {
        &self.command
    }

    /// The expected exit status.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | x\nexits 3\n")?;
    /// assert_eq!(transcript.exits(), 3);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn exits(&self) -> i32 {
        self.exits
    }

    /// The names of the lanes, in order of appearance.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "b | x\na | y\n")?;
    /// assert_eq!(transcript.lanes(), ["b", "a"]);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn lanes(&self) -> &[String] {
        &self.lanes
    }

    /// The events in the order of the file, with loops written out. This is one legal order.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "for i in 1..=2\n  a | {i} of {:int}\n")?;
    /// let texts: Vec<&str> = transcript.events().iter().map(|event| event.text.as_str()).collect();
    /// assert_eq!(texts, ["1 of {:int}", "2 of {:int}"]);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Each `always` and `finally` rule as written, with its line.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | x\nalways \"x\" <= 1\n")?;
    /// assert_eq!(transcript.rules(), [(2, "\"x\" <= 1")]);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn rules(&self) -> Vec<(usize, &str)> {
        self.rules.iter().map(|rule| (rule.line, rule.source.as_str())).collect()
    }

    /// The rules that at least one of several runs must satisfy, in the order of the file.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | {n:int}\nseen {n} < 5 in 20 runs\n")?;
    /// assert_eq!(transcript.seen_rules()[0].to_string(), "seen {n} < 5 in 20 runs");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn seen_rules(&self) -> &[SeenRule] {
        &self.seen
    }

    /// Whether any event or rule is marked `timing`.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | x\ntiming a | still here\n")?;
    /// assert!(transcript.claims_time());
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn claims_time(&self) -> bool {
        self.times_events() || self.rules.iter().any(|rule| rule.timing)
    }

    /// Whether any event is marked `timing`: the program may print another line in its place, or none, if it is late.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | {t:secs}\ntiming finally {t} < 6\n")?;
    /// assert!(transcript.claims_time() && !transcript.times_events());
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn times_events(&self) -> bool {
        self.events.iter().any(|event| event.timing)
    }

    /// The transitive reduction of the order: a run that breaks the order breaks one of these edges.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | x\na -> b\nb | y\n")?;
    /// let edges = transcript.covering_edges();
    /// assert_eq!((edges[0].before, edges[0].after), (0, 1));
    /// assert_eq!(edges[0].reason.to_string(), "a -> b (line 2)");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn covering_edges(&self) -> Vec<Edge> {
        let edges = (0..self.events.len()).flat_map(|after| {
            let before = self.order.covering(after, |_| true);
            before.into_iter().map(move |before| (before, after))
        });
        edges
            .map(|(before, after)| Edge {
                before,
                after,
                reason: self.order.reason(before, after, &self.arrows),
            })
            .collect()
    }

    /// The event's text. `value` gives the content of a hole; without a value, the hole is shown by its name.
    pub(crate) fn fill<'v>(
        &self,
        event: usize,
        value: impl Fn(usize) -> Option<&'v str>,
    ) -> String {
        let mut text = String::new();
        for piece in &self.events[event].pattern {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Hole(variable) => match value(*variable) {
                    Some(value) => text.push_str(value),
                    None => text.push_str(&format!("{{{}}}", self.variables[*variable].name)),
                },
            }
        }
        text
    }

    /// The transcript of which every output satisfies the rule.
    pub(crate) fn demanding(&self, rule: &Rule) -> Transcript {
        let mut demanding = self.clone();
        demanding.rules.push(rule.clone());
        demanding
    }

    /// The rules about each run, and the conditions of the `seen` rules.
    pub(crate) fn all_rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().chain(self.seen.iter().map(|seen| &seen.rule))
    }

    /// The variables that an event's text mentions.
    pub(crate) fn variables_of(&self, event: usize) -> impl Iterator<Item = usize> {
        self.events[event].pattern.iter().filter_map(|piece| match piece {
            Piece::Hole(variable) => Some(*variable),
            Piece::Text(_) => None,
        })
    }

    /// Marks the variables whose value matters outside their hole.
    pub(crate) fn mark_needed(&mut self) {
        let mut mentions = vec![0; self.variables.len()];
        let holes = (0..self.events.len()).flat_map(|event| self.variables_of(event));
        holes.for_each(|variable| mentions[variable] += 1);
        let ruled = self.all_rules().flat_map(Rule::variables);
        ruled.for_each(|variable| mentions[variable] += 2);
        for (variable, mentions) in self.variables.iter_mut().zip(mentions) {
            variable.needed = mentions > 1 || variable.kind.distinct();
        }
    }

    /// For each variable and lane, how many events of the lane must have happened before the variable is no longer
    /// needed.
    pub(crate) fn last_use(&self) -> Vec<Vec<u32>> {
        let mut last = vec![vec![0; self.lanes.len()]; self.variables.len()];
        for event in 0..self.events.len() {
            for variable in self.variables_of(event) {
                last[variable][self.events[event].lane] = self.order.position[event] + 1;
            }
        }
        // A rule asks at the very end.
        for variable in self.rules.iter().flat_map(Rule::variables) {
            last[variable].fill(u32::MAX);
        }
        last
    }
}
