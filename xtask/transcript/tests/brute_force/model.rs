//! A random transcript, as text and as a model that does not use the crate.

use std::collections::BTreeSet;
use std::fmt::Write;

use arbitrary::{Result, Unstructured};

pub(crate) const LANES: [&str; 3] = ["a", "b", "c"];
pub(crate) const MOST_EVENTS: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Times {
    Once,
    Optional,
    Many,
}

#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Text(String),
    Pid(usize),
    Int(usize),
    OneOrTwo(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) lane: String,
    pub(crate) times: Times,
    pub(crate) pieces: Vec<Piece>,
}

/// Counts of lines that contain a text, compared with a number.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// `always "x" - factor * "y" <= n`
    Lead(i64, i64),
    /// `finally "x" == n`, or another comparison
    Total(&'static str, i64),
    /// `always "r {name}" <= n`, for both values of the range
    Each(String, i64),
    /// `finally {name} <= {name}`, for two ranges
    Compare(usize, usize),
    /// `finally "r " < {name}`, for a range
    Measure(usize),
}

#[derive(Default, Debug)]
pub(crate) struct Model {
    pub(crate) text: String,
    pub(crate) events: Vec<Event>,
    /// `before[b]` holds all `a` that must precede `b`, directly or not.
    pub(crate) before: Vec<BTreeSet<usize>>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) variables: usize,
    /// Names of a range.
    pub(crate) ranges: Vec<usize>,
}

impl Model {
    pub(crate) fn random(u: &mut Unstructured<'_>) -> Result<Model> {
        let mut model = Model::default();
        for _ in 0..u.int_in_range(1..=6)? {
            match u.int_in_range(0..=6)? {
                0 | 6 if !model.events.is_empty() => model.arrow(u)?,
                1 => model.family(u)?,
                _ => model.event(u, "", None)?,
            }
        }
        model.close();
        model.drop_silent_arrows();
        if u.ratio(1, 3)? {
            let rule = match (u.int_in_range(0..=4)?, model.ranges.as_slice()) {
                // A text that no event prints is an error of the format.
                (0, _) if model.prints("x") && model.prints("y") => {
                    Rule::Lead(u.int_in_range(1..=3)?, u.int_in_range(-1..=1)?)
                }
                (1, [range, ..]) => Rule::Each(format!("v{range}"), u.int_in_range(0..=2)?),
                (2, [one, .., other]) => Rule::Compare(*one, *other),
                (3, [range, ..]) => Rule::Measure(*range),
                _ if model.prints("x") => {
                    let sign = *u.choose(&["==", "<=", ">=", "<", ">"])?;
                    Rule::Total(sign, u.int_in_range(-1..=3)?)
                }
                _ => return Ok(model),
            };
            let written = match &rule {
                Rule::Lead(1, n) => format!("always \"x\" - \"y\" <= {n}"),
                Rule::Lead(factor, n) => format!("always \"x\" - {factor} * \"y\" <= {n}"),
                Rule::Total(sign, n) => format!("finally \"x\" {sign} {n}"),
                Rule::Each(name, n) => format!("always \"r {{{name}}}\" <= {n}"),
                Rule::Compare(one, other) => format!("finally {{v{one}}} <= {{v{other}}}"),
                Rule::Measure(range) => format!("finally \"r \" < {{v{range}}}"),
            };
            writeln!(model.text, "{written}").expect("a string takes all");
            model.rules.push(rule);
        }
        Ok(model)
    }

    fn prints(&self, word: &str) -> bool {
        let is = |piece: &Piece| matches!(piece, Piece::Text(text) if text == word);
        self.events.iter().any(|event| event.pieces.iter().any(is))
    }

    /// One event; `indent` and `lane` are for events inside a loop.
    pub(crate) fn event(
        &mut self,
        u: &mut Unstructured<'_>,
        indent: &str,
        lane: Option<&str>,
    ) -> Result<()> {
        if self.events.len() == MOST_EVENTS {
            return Ok(());
        }
        let lane = lane.unwrap_or(LANES[u.choose_index(LANES.len())?]);
        let (pieces, written) = self.pieces(u)?;
        let times = match u.int_in_range(0..=9)? {
            0 => Times::Optional,
            1 if !pieces.iter().any(|piece| !matches!(piece, Piece::Text(_))) => Times::Many,
            _ => Times::Once,
        };
        let sign = match times {
            Times::Once => "",
            Times::Optional => "?",
            Times::Many => "*",
        };
        writeln!(self.text, "{indent}{lane} {sign}| {written}").expect("a string takes all");
        self.events.push(Event { lane: lane.to_owned(), times, pieces });
        Ok(())
    }

    pub(crate) fn pieces(&mut self, u: &mut Unstructured<'_>) -> Result<(Vec<Piece>, String)> {
        let fresh = self.variables;
        self.variables += 1;
        let text = |text: &str| Piece::Text(text.to_owned());
        Ok(match u.int_in_range(0..=6)? {
            0 => (vec![text("x")], "x".to_owned()),
            1 if u.ratio(1, 3)? => (vec![text("xy")], "xy".to_owned()),
            1 => (vec![text("y")], "y".to_owned()),
            2 if u.ratio(1, 3)? => {
                (vec![text("p "), Piece::Pid(1_000 + fresh)], "p {:pid}".to_owned())
            }
            2 => (vec![text("p "), Piece::Pid(fresh)], format!("p {{v{fresh}:pid}}")),
            3 if u.arbitrary()? => {
                (vec![text("n "), Piece::Int(fresh), text("!")], format!("n {{v{fresh}:int}}!"))
            }
            3 => (vec![text("p "), Piece::Int(fresh)], format!("p {{v{fresh}:int}}")),
            4 => {
                self.ranges.push(fresh);
                (vec![text("r "), Piece::OneOrTwo(fresh)], format!("r {{v{fresh}:1..=2}}"))
            }
            choice => {
                // The same value as an earlier hole, after the same word or another one.
                let word = if choice == 5 { "p " } else { "q " };
                let known = self
                    .events
                    .iter()
                    .filter(|event| event.times == Times::Once)
                    .flat_map(|event| &event.pieces);
                let known: Vec<Piece> =
                    known.filter(|piece| !matches!(piece, Piece::Text(_))).cloned().collect();
                // A hole in a loop's turn, or without a name, cannot be named elsewhere.
                let known: Vec<Piece> =
                    known.into_iter().filter(|piece| !self.local(piece)).collect();
                if known.is_empty() {
                    (vec![text("z")], "z".to_owned())
                } else {
                    let piece = u.choose(&known)?.clone();
                    let (Piece::Pid(v) | Piece::Int(v) | Piece::OneOrTwo(v)) = piece else {
                        unreachable!()
                    };
                    (vec![text(word), piece], format!("{word}{{v{v}}}"))
                }
            }
        })
    }

    pub(crate) fn local(&self, piece: &Piece) -> bool {
        matches!(piece, Piece::Pid(v) if *v >= 1_000)
    }

    /// Lanes that differ only in the value of a pid, written as a loop.
    pub(crate) fn family(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let turns = u.int_in_range(2..=3)?;
        let long = u.arbitrary::<bool>()? && turns == 2;
        let numbered = u.ratio(1, 4)?;
        let lines = if long { 2 } else { 1 };
        if self.events.len() + turns * lines > MOST_EVENTS {
            return Ok(());
        }
        let family = self.variables;
        let tail = if numbered { " {i}" } else { "" };
        writeln!(self.text, "for i in 1..={turns}\n  f{family}_{{i}} | up {{w{family}:pid}}{tail}")
            .expect("a string takes all");
        if long {
            writeln!(self.text, "  f{family}_{{i}} | down {{w{family}}}")
                .expect("a string takes all");
        }
        for turn in 1..=turns {
            let lane = format!("f{family}_{turn}");
            let variable = 1_000 + self.variables;
            self.variables += 1;
            let mut pieces = vec![Piece::Text("up ".to_owned()), Piece::Pid(variable)];
            if numbered {
                pieces.push(Piece::Text(format!(" {turn}")));
            }
            self.events.push(Event { lane: lane.clone(), times: Times::Once, pieces });
            if long {
                let pieces = vec![Piece::Text("down ".to_owned()), Piece::Pid(variable)];
                self.events.push(Event { lane, times: Times::Once, pieces });
            }
        }
        Ok(())
    }

    pub(crate) fn arrow(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let lanes: Vec<String> = self
            .events
            .iter()
            .map(|event| event.lane.clone())
            .chain(LANES.map(str::to_owned))
            .collect();
        let (left, right) = (u.choose(&lanes)?, u.choose(&lanes)?);
        let line = match u.int_in_range(0..=3)? {
            0 => "---".to_owned(),
            1 => format!("{left} -> *"),
            2 => format!("* -> {right}"),
            _ => format!("{left} -> {right}"),
        };
        writeln!(self.text, "@{}@{line}", self.events.len()).expect("a string takes all");
        Ok(())
    }

    /// Direct order by definition, then its transitive closure.
    pub(crate) fn close(&mut self) {
        let count = self.events.len();
        self.before = vec![BTreeSet::new(); count];
        for b in 0..count {
            for a in 0..b {
                if self.events[a].lane == self.events[b].lane {
                    self.before[b].insert(a);
                }
            }
        }
        for (above, left, right) in self.arrows() {
            for b in above..count {
                for a in 0..above {
                    let is =
                        |side: &str, event: usize| side == "*" || side == self.events[event].lane;
                    if is(&left, a) && is(&right, b) {
                        self.before[b].insert(a);
                    }
                }
            }
        }
        for middle in 0..count {
            for b in 0..count {
                if self.before[b].contains(&middle) {
                    let more = self.before[middle].clone();
                    self.before[b].extend(more);
                }
            }
        }
    }

    pub(crate) fn arrows(&self) -> Vec<(usize, String, String)> {
        let marked = self.text.lines().filter_map(|line| line.strip_prefix('@')?.split_once('@'));
        let sides = marked.map(|(above, arrow)| {
            let (left, right) = arrow.split_once(" -> ").unwrap_or(("*", "*"));
            (above.parse().expect("a number"), left.to_owned(), right.to_owned())
        });
        sides.collect()
    }

    /// An arrow that orders nothing is an error in the format: leave it out, with the mark of the others.
    pub(crate) fn drop_silent_arrows(&mut self) {
        let is = |side: &str, event: &Event| side == "*" || side == event.lane;
        let speaks: Vec<bool> = self
            .arrows()
            .iter()
            .map(|(above, left, right)| {
                let mut before = self.events[..*above].iter().filter(|event| is(left, event));
                let after = || self.events[*above..].iter().filter(|event| is(right, event));
                before.any(|one| after().any(|other| one.lane != other.lane))
            })
            .collect();
        let mut speaks = speaks.into_iter();
        let lines = self.text.lines().filter_map(|line| match line.strip_prefix('@') {
            Some(arrow) => speaks
                .next()
                .unwrap_or_default()
                .then(|| arrow.split_once('@').expect("two marks").1),
            None => Some(line),
        });
        self.text = lines.map(|line| format!("{line}\n")).collect();
    }
}
