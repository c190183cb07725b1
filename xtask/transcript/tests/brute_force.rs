//! Matcher and counter against brute force: random small transcripts, all permutations of their lines.
//!
//! The model below knows nothing of the crate. It writes a transcript as text and decides by definition what is legal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use transcript::{Count, Timing, Transcript, Verdict};

const LANES: [&str; 3] = ["a", "b", "c"];
const MOST_EVENTS: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Times {
    Once,
    Optional,
    Many,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Pid(usize),
    Int(usize),
    OneOrTwo(usize),
}

#[derive(Clone, Debug)]
struct Event {
    lane: String,
    times: Times,
    pieces: Vec<Piece>,
}

/// Counts of lines that contain a text, compared with a number.
#[derive(Clone, Debug)]
enum Rule {
    /// `always "x" - "y" <= n`
    Lead(i64),
    /// `finally "x" = n`
    Total(i64),
    /// `always "r {name}" <= n`, for both values of the range
    Each(String, i64),
    /// `finally {name} <= {name}`, for two ranges
    Compare(usize, usize),
    /// `finally "r " < {name}`, for a range
    Measure(usize),
}

#[derive(Default, Debug)]
struct Model {
    text: String,
    events: Vec<Event>,
    /// `before[b]` holds all `a` that must precede `b`, directly or not.
    before: Vec<BTreeSet<usize>>,
    rules: Vec<Rule>,
    variables: usize,
    /// Names that stand for a range.
    ranges: Vec<usize>,
}

impl Model {
    fn random(u: &mut Unstructured<'_>) -> Result<Model> {
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
                (0, _) => Rule::Lead(u.int_in_range(0..=1)?),
                (1, [range, ..]) => Rule::Each(format!("v{range}"), u.int_in_range(0..=2)?),
                (2, [one, .., other]) => Rule::Compare(*one, *other),
                (3, [range, ..]) => Rule::Measure(*range),
                _ => Rule::Total(u.int_in_range(0..=3)?),
            };
            let written = match &rule {
                Rule::Lead(n) => format!("always \"x\" - \"y\" <= {n}"),
                Rule::Total(n) => format!("finally \"x\" = {n}"),
                Rule::Each(name, n) => format!("always \"r {{{name}}}\" <= {n}"),
                Rule::Compare(one, other) => format!("finally {{v{one}}} <= {{v{other}}}"),
                Rule::Measure(range) => format!("finally \"r \" < {{v{range}}}"),
            };
            writeln!(model.text, "{written}").expect("a string takes all");
            model.rules.push(rule);
        }
        Ok(model)
    }

    /// One event; `indent` and `lane` are for events inside a loop.
    fn event(&mut self, u: &mut Unstructured<'_>, indent: &str, lane: Option<&str>) -> Result<()> {
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

    fn pieces(&mut self, u: &mut Unstructured<'_>) -> Result<(Vec<Piece>, String)> {
        let fresh = self.variables;
        self.variables += 1;
        let text = |text: &str| Piece::Text(text.to_owned());
        Ok(match u.int_in_range(0..=6)? {
            0 => (vec![text("x")], "x".to_owned()),
            1 => (vec![text("y")], "y".to_owned()),
            2 => (vec![text("p "), Piece::Pid(fresh)], format!("p {{v{fresh}:pid}}")),
            3 if u.arbitrary()? => {
                (vec![text("n "), Piece::Int(fresh), text("!")], format!("n {{v{fresh}:int}}!"))
            }
            3 => (vec![text("p "), Piece::Int(fresh)], format!("p {{v{fresh}:int}}")),
            4 => {
                self.ranges.push(fresh);
                (vec![text("r "), Piece::OneOrTwo(fresh)], format!("r {{v{fresh}:1..2}}"))
            }
            choice => {
                // The same value as an earlier hole, behind the same or another word.
                let word = if choice == 5 { "p " } else { "q " };
                let known = self
                    .events
                    .iter()
                    .filter(|event| event.times == Times::Once)
                    .flat_map(|event| &event.pieces);
                let known: Vec<Piece> =
                    known.filter(|piece| !matches!(piece, Piece::Text(_))).cloned().collect();
                // Those of a loop's turn cannot be named outside it.
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

    fn local(&self, piece: &Piece) -> bool {
        matches!(piece, Piece::Pid(v) if *v >= 1_000)
    }

    /// Lanes that differ in nothing but the value of a pid, written as a loop.
    fn family(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let turns = u.int_in_range(2..=3)?;
        let long = u.arbitrary::<bool>()? && turns == 2;
        let numbered = u.ratio(1, 4)?;
        let lines = if long { 2 } else { 1 };
        if self.events.len() + turns * lines > MOST_EVENTS {
            return Ok(());
        }
        let family = self.variables;
        let tail = if numbered { " {i}" } else { "" };
        writeln!(self.text, "for i in 1..{turns}\n  f{family}_{{i}} | up {{w{family}:pid}}{tail}")
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

    fn arrow(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
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
    fn close(&mut self) {
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

    fn arrows(&self) -> Vec<(usize, String, String)> {
        let marked = self.text.lines().filter_map(|line| line.strip_prefix('@')?.split_once('@'));
        let sides = marked.map(|(above, arrow)| {
            let (left, right) = arrow.split_once(" -> ").unwrap_or(("*", "*"));
            (above.parse().expect("a number"), left.to_owned(), right.to_owned())
        });
        sides.collect()
    }

    /// An arrow that orders nothing is an error of the format: leave it out, and the mark of the others.
    fn drop_silent_arrows(&mut self) {
        let is = |side: &str, event: &Event| side == "*" || side == event.lane;
        let speaks: Vec<bool> = self
            .arrows()
            .iter()
            .map(|(above, left, right)| {
                self.events[..*above].iter().any(|event| is(left, event))
                    && self.events[*above..].iter().any(|event| is(right, event))
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

    /// Whether `lines` can be told as a run, by trying every event for every line.
    fn legal(&self, lines: &[String]) -> bool {
        self.rules_hold(lines)
            && self.assign(lines, &mut vec![Vec::new(); self.events.len()], &BTreeMap::new(), 0)
    }

    fn assign(
        &self,
        lines: &[String],
        places: &mut Vec<Vec<usize>>,
        values: &BTreeMap<usize, String>,
        line: usize,
    ) -> bool {
        if line == lines.len() {
            return (0..self.events.len()).all(|event| {
                let here = &places[event];
                let often = self.events[event].times != Times::Once || here.len() == 1;
                let ordered = self.before[event]
                    .iter()
                    .all(|&before| places[before].iter().all(|a| here.iter().all(|b| a < b)));
                often && ordered
            }) && self.compares(lines, |v| values.get(&v)?.parse().ok());
        }
        for event in 0..self.events.len() {
            if !places[event].is_empty() && self.events[event].times != Times::Many {
                continue;
            }
            let mut values = values.clone();
            if self.reads(event, &lines[line], &mut values) {
                places[event].push(line);
                let found = self.assign(lines, places, &values, line + 1);
                places[event].pop();
                if found {
                    return true;
                }
            }
        }
        false
    }

    fn reads(&self, event: usize, line: &str, values: &mut BTreeMap<usize, String>) -> bool {
        let mut rest = line;
        for piece in &self.events[event].pieces {
            let variable = match piece {
                Piece::Text(text) => {
                    let Some(after) = rest.strip_prefix(text.as_str()) else {
                        return false;
                    };
                    rest = after;
                    continue;
                }
                Piece::Pid(v) | Piece::Int(v) | Piece::OneOrTwo(v) => *v,
            };
            let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let value = &rest[..length];
            rest = &rest[length..];
            let fits = match piece {
                Piece::OneOrTwo(_) => value == "1" || value == "2",
                Piece::Pid(_) => !value.is_empty() && !value.starts_with('0'),
                _ => !value.is_empty(),
            };
            let pid = |v: usize| {
                self.events
                    .iter()
                    .flat_map(|event| &event.pieces)
                    .any(|piece| matches!(piece, Piece::Pid(w) if *w == v))
            };
            let taken = pid(variable)
                && values
                    .iter()
                    .any(|(&other, known)| other != variable && pid(other) && known == value);
            if !fits || taken || values.get(&variable).is_some_and(|known| known != value) {
                return false;
            }
            values.insert(variable, value.to_owned());
        }
        rest.is_empty()
    }

    /// A rule about a variable without a value is passed over.
    fn compares(&self, lines: &[String], value: impl Fn(usize) -> Option<i64>) -> bool {
        self.rules.iter().all(|rule| match rule {
            Rule::Compare(one, other) => {
                value(*one).zip(value(*other)).is_none_or(|(one, other)| one <= other)
            }
            Rule::Measure(range) => value(*range).is_none_or(|most| count(lines, "r ") < most),
            _ => true,
        })
    }

    fn rules_hold(&self, lines: &[String]) -> bool {
        self.rules.iter().all(|rule| match rule {
            Rule::Compare(..) | Rule::Measure(..) => true,
            Rule::Lead(n) => (1..=lines.len())
                .all(|end| count(&lines[..end], "x") - count(&lines[..end], "y") <= *n),
            Rule::Total(n) => count(lines, "x") == *n,
            // A value is read whole, and here a line ends behind it.
            Rule::Each(_, n) => ["r 1", "r 2"]
                .iter()
                .all(|text| lines.iter().filter(|line| line == text).count() as i64 <= *n),
        })
    }

    /// Some line for each event, with small numbers so that different events may print the same.
    fn concrete(&self, u: &mut Unstructured<'_>) -> Result<Vec<String>> {
        let mut values: BTreeMap<usize, i64> = BTreeMap::new();
        let mut lines = Vec::new();
        for event in &self.events {
            let copies = match event.times {
                Times::Once => 1,
                Times::Optional => u.int_in_range(0..=1)?,
                Times::Many => u.int_in_range(0..=1)?,
            };
            let mut line = String::new();
            for piece in &event.pieces {
                match piece {
                    Piece::Text(text) => line.push_str(text),
                    Piece::Pid(v) | Piece::Int(v) | Piece::OneOrTwo(v) => {
                        let most = if matches!(piece, Piece::Pid(_)) { 7 } else { 2 };
                        let value = u.int_in_range(1..=most)?;
                        line.push_str(&values.entry(*v).or_insert(value).to_string());
                    }
                }
            }
            lines.extend(vec![line; copies]);
        }
        // Now and then spoil it: drop, double or exchange a line.
        if !lines.is_empty() && u.ratio(1, 4)? {
            let index = u.choose_index(lines.len())?;
            match u.int_in_range(0..=2)? {
                0 => drop(lines.remove(index)),
                1 => lines.push(lines[index].clone()),
                _ => lines[index] = "p 3".to_owned(),
            }
        }
        lines.truncate(6);
        Ok(lines)
    }

    /// All legal outputs, unforeseeable values numbered in order of appearance.
    fn outputs(&self) -> BTreeSet<Vec<String>> {
        let mut outputs = BTreeSet::new();
        self.extend(&mut Vec::new(), &mut BTreeMap::new(), &mut Vec::new(), &mut outputs);
        outputs
    }

    fn extend(
        &self,
        done: &mut Vec<usize>,
        values: &mut BTreeMap<usize, i64>,
        lines: &mut Vec<String>,
        outputs: &mut BTreeSet<Vec<String>>,
    ) {
        let rest = (0..self.events.len()).filter(|event| !done.contains(event));
        if rest.clone().all(|event| self.events[event].times != Times::Once)
            && self.rules_hold(lines)
            && self.compares(lines, |v| values.get(&v).copied())
        {
            outputs.insert(numbered(lines));
        }
        for event in rest.collect::<Vec<_>>() {
            // What was left out so far, and had to come before, stays out.
            let waits = |&before: &usize| {
                !done.contains(&before) && self.events[before].times == Times::Once
            };
            let too_late = done.iter().any(|&other| self.before[other].contains(&event));
            if too_late || self.before[event].iter().any(waits) {
                continue;
            }
            let unbound = self.events[event].pieces.iter().find_map(|piece| match piece {
                Piece::OneOrTwo(v) if !values.contains_key(v) => Some(*v),
                _ => None,
            });
            let choices: &[i64] = if unbound.is_some() { &[1, 2] } else { &[0] };
            for &choice in choices {
                if let Some(v) = unbound {
                    values.insert(v, choice);
                }
                let line = self.events[event].pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::OneOrTwo(v) => values[v].to_string(),
                    Piece::Pid(v) | Piece::Int(v) => format!("<{v}>"),
                });
                lines.push(line.collect());
                done.push(event);
                self.extend(done, values, lines, outputs);
                done.pop();
                lines.pop();
            }
            if let Some(v) = unbound {
                values.remove(&v);
            }
        }
    }
}

/// How many lines contain a text.
fn count(lines: &[String], text: &str) -> i64 {
    lines.iter().filter(|line| line.contains(text)).count() as i64
}

fn numbered(lines: &[String]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    let number = |line: &String| {
        let Some((head, (name, tail))) =
            line.split_once('<').and_then(|(head, rest)| Some((head, rest.split_once('>')?)))
        else {
            return line.clone();
        };
        let index = known.iter().position(|known| known == name).unwrap_or_else(|| {
            known.push(name.to_owned());
            known.len() - 1
        });
        format!("{head}#{index}{tail}")
    };
    lines.iter().map(number).collect()
}

fn permutations(lines: &[String]) -> BTreeSet<Vec<String>> {
    if lines.is_empty() {
        return BTreeSet::from([Vec::new()]);
    }
    let with_first = |first: usize| {
        let mut rest = lines.to_vec();
        let line = rest.remove(first);
        permutations(&rest).into_iter().map(move |tail| [vec![line.clone()], tail].concat())
    };
    (0..lines.len()).flat_map(with_first).collect()
}

/// A model and its transcript; none if the format refuses it because no one could tell where `*|` ends.
fn both(u: &mut Unstructured<'_>) -> Result<Option<(Model, Transcript)>> {
    let model = Model::random(u)?;
    match Transcript::parse("random.txt", &model.text) {
        Ok(transcript) => Ok(Some((model, transcript))),
        Err(error) if error.message.contains("where these lines end") => Ok(None),
        Err(error) => panic!("{error}\n\n{}", model.text),
    }
}

#[test]
fn the_matcher_accepts_exactly_what_brute_force_accepts() {
    let (mut accepted, mut rejected) = (0, 0);
    arbtest(|u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        for lines in permutations(&model.concrete(u)?) {
            let output: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let verdict = transcript.judge(&output, Timing::Judged);
            let legal = model.legal(&lines);
            *(if legal { &mut accepted } else { &mut rejected }) += 1;
            match verdict {
                Verdict::Accepted(_) => {
                    assert!(legal, "accepted, but illegal:\n{output}\n{}", model.text);
                }
                Verdict::Rejected(why) => {
                    assert!(!legal, "rejected, but legal:\n{output}\n{}\n{why}", model.text);
                }
                Verdict::Undecided { .. } => panic!("undecided:\n{output}\n{}", model.text),
            }
        }
        Ok(())
    })
    .size_min(256)
    .size_max(1_024)
    .budget_ms(4_000);
    assert!(
        accepted > 1_000 && rejected > 1_000,
        "{accepted} legal and {rejected} illegal outputs say little"
    );
}

#[test]
fn the_counter_counts_what_brute_force_lists() {
    let mut counted = 0;
    arbtest(|u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        match transcript.count() {
            Count::Exactly(count) => {
                let outputs = model.outputs();
                assert_eq!(count, outputs.len() as u128, "\n{}\n{outputs:#?}", model.text);
                counted += 1;
            }
            Count::Unbounded => {
                assert!(model.events.iter().any(|event| event.times == Times::Many));
            }
            other => panic!("{other}:\n{}", model.text),
        }
        Ok(())
    })
    .size_min(256)
    .size_max(1_024)
    .budget_ms(2_000);
    assert!(counted > 100, "{counted} transcripts say little");
}

#[test]
fn covering_edges_are_the_transitive_reduction() {
    let mut edges = 0;
    arbtest(|u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        let before = &model.before;
        let between =
            |a: usize, b: usize| before[b].iter().any(|&middle| before[middle].contains(&a));
        let pairs = (0..before.len()).flat_map(|b| before[b].iter().map(move |&a| (a, b)));
        let expected: BTreeSet<(usize, usize)> = pairs.filter(|&(a, b)| !between(a, b)).collect();
        let found = transcript.covering_edges();
        let found: BTreeSet<(usize, usize)> =
            found.iter().map(|edge| (edge.before, edge.after)).collect();
        edges += found.len();
        assert_eq!(found, expected, "\n{}", model.text);
        Ok(())
    })
    .size_min(256)
    .size_max(1_024)
    .budget_ms(1_000);
    assert!(edges > 1_000, "{edges} edges say little");
}

/// What random transcripts reach too seldom: a rule asks at the end for values that no later line needs.
#[test]
fn a_rule_may_choose_between_two_readings() {
    let text = "a | v {x:int}\nb | v {y:int}\na, b -> c\nc | end\nfinally {x} < {y}\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    for (output, legal) in
        [("v 1\nv 2\nend", true), ("v 2\nv 1\nend", true), ("v 2\nv 2\nend", false)]
    {
        let verdict = transcript.judge(output, Timing::Judged);
        assert_eq!(matches!(verdict, Verdict::Accepted(_)), legal, "{output}: {verdict:?}");
    }
}

/// Likewise: an arrow that a chain of three others makes superfluous.
#[test]
fn a_long_chain_covers_a_direct_arrow() {
    let text = "a | a\na -> b\nb | b\nb -> d\nd | d\na, d -> c\nc | c\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    let edges: Vec<_> =
        transcript.covering_edges().iter().map(|edge| (edge.before, edge.after)).collect();
    assert_eq!(edges, [(0, 1), (1, 2), (2, 3)]);
}
