//! A first transcript from real outputs.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Transcript;
use crate::read::KEYWORDS;
use crate::text::{is_plain, visible};

impl Transcript {
    /// Drafts a transcript from several outputs of one command.
    ///
    /// Each line's first word becomes its lane. Numbers that differ between runs become holes. An order between lanes
    /// that all runs agree on becomes a comment, `#? a -> b`: the program need not guarantee what was observed, so the
    /// author decides. A line that only some of the runs printed, a line with control characters, and a command that
    /// needs a shell become comments too.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let outputs = ["parent: forked 17\nchild: hello\n", "parent: forked 23\nchild: hello\n"];
    /// let draft = Transcript::draft("demo", &outputs.map(str::to_owned));
    /// let expected = "\
    /// $ demo
    /// parent | parent: forked {n1:int}
    /// #? parent -> child
    /// child | child: hello
    /// ";
    /// assert_eq!(draft, expected);
    /// ```
    pub fn draft(command: &str, outputs: &[String]) -> String {
        let runs: Vec<Vec<Line<'_>>> = outputs.iter().map(|output| read(output)).collect();
        let line = format!("$ {command}\n");
        let mut text = match Transcript::parse("command", &line) {
            Ok(_) => line,
            _ => format!("# drafted from: {}\n", visible(command)),
        };
        let Some(first) = runs.first() else {
            return text;
        };
        let mut names = Names::default();
        let mut lanes: Vec<(String, Vec<usize>)> = Vec::new();
        for (index, line) in first.iter().enumerate() {
            if runs.iter().any(|run| line.find(run).is_none()) {
                text.push_str(&format!("# not in every run: {}\n", visible(line.text)));
                continue;
            }
            if !is_plain(line.text) {
                text.push_str(&format!(
                    "# not drafted, because of its control characters: {}\n",
                    visible(line.text)
                ));
                continue;
            }
            let lane = lane_of(&mut lanes, line, index, &runs);
            for other in proposals(&lanes, lane, first, &runs) {
                text.push_str(&format!("#? {other} -> {}\n", lanes[lane].0));
            }
            text.push_str(&format!("{} | {}\n", lanes[lane].0, names.with_holes(line, &runs)));
        }
        text
    }
}

/// A line of one run, with its numbers set apart.
#[derive(Debug, Clone)]
struct Line<'o> {
    text: &'o str,
    /// The text with `0` for each number.
    shape: String,
    numbers: Vec<&'o str>,
    /// Its place among the lines of this shape.
    occurrence: usize,
}

impl Line<'_> {
    /// The place of the same line in another run.
    fn find(&self, run: &[Line<'_>]) -> Option<usize> {
        run.iter().position(|line| line.shape == self.shape && line.occurrence == self.occurrence)
    }
}

fn read(output: &str) -> Vec<Line<'_>> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let line = |text| {
        let (shape, numbers) = split(text);
        let count = seen.entry(shape.clone()).or_default();
        *count += 1;
        Line { text, shape, numbers, occurrence: *count }
    };
    output.split_terminator('\n').map(line).collect()
}

fn split(text: &str) -> (String, Vec<&str>) {
    let mut shape = String::new();
    let mut numbers = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let number = rest[start..]
            .split_once(|c: char| !(c.is_ascii_digit() || c == '.'))
            .map_or(&rest[start..], |cut| cut.0);
        let number = number.trim_end_matches('.');
        shape.push_str(&rest[..start]);
        shape.push('0');
        numbers.push(number);
        rest = &rest[start + number.len()..];
    }
    (shape + rest, numbers)
}

/// The lane of a line: its first word, with a number after it if the runs disagree on the order.
fn lane_of(
    lanes: &mut Vec<(String, Vec<usize>)>,
    line: &Line<'_>,
    index: usize,
    runs: &[Vec<Line<'_>>],
) -> usize {
    let word: String = line
        .text
        .chars()
        .skip_while(|c| !c.is_alphabetic())
        .take_while(|c| c.is_alphanumeric())
        .collect();
    let word = match word.to_lowercase() {
        word if word.is_empty() || KEYWORDS.contains(&word.as_str()) => "main".to_owned(),
        word => word,
    };
    let follows = |last: usize| runs.iter().all(|run| runs[0][last].find(run) < line.find(run));
    for turn in 1.. {
        let name = if turn == 1 { word.clone() } else { format!("{word}_{turn}") };
        match lanes.iter().position(|lane| lane.0 == name) {
            Some(lane) if lanes[lane].1.last().is_none_or(|&last| follows(last)) => {
                lanes[lane].1.push(index);
                return lane;
            }
            Some(_) => {}
            None => {
                lanes.push((name, vec![index]));
                break;
            }
        }
    }
    lanes.len() - 1
}

/// The lanes whose last line came before this lane's last line in every run, unless that was known already.
fn proposals(
    lanes: &[(String, Vec<usize>)],
    lane: usize,
    first: &[Line<'_>],
    runs: &[Vec<Line<'_>>],
) -> Vec<String> {
    let Some((&now, earlier)) = lanes[lane].1.split_last() else {
        return Vec::new();
    };
    let always = |before: usize, after: usize| {
        runs.iter().all(|run| first[before].find(run) < first[after].find(run))
    };
    let others = lanes.iter().enumerate().filter(|(other, _)| *other != lane);
    let new = others.filter_map(|(_, (name, events))| {
        let last = *events.last()?;
        let known = earlier.last().is_some_and(|&earlier| always(last, earlier));
        (always(last, now) && !known).then(|| name.clone())
    });
    new.collect()
}

/// Names for the values that differ between runs.
#[derive(Default)]
struct Names {
    /// For each variable, its value in each run.
    known: Vec<(String, Vec<String>)>,
    used: BTreeSet<String>,
}

impl Names {
    fn with_holes(&mut self, line: &Line<'_>, runs: &[Vec<Line<'_>>]) -> String {
        let same: Vec<&Line<'_>> =
            runs.iter().filter_map(|run| Some(&run[line.find(run)?])).collect();
        let mut text = String::new();
        let escaped = line.shape.replace('{', "{{").replace('}', "}}");
        for (index, literal) in escaped.split('0').enumerate() {
            if index > 0 {
                let values: Vec<String> =
                    same.iter().map(|line| line.numbers[index - 1].to_owned()).collect();
                text.push_str(&self.hole(values));
            }
            text.push_str(literal);
        }
        text
    }

    fn hole(&mut self, values: Vec<String>) -> String {
        if values.windows(2).all(|pair| pair[0] == pair[1]) {
            return values.into_iter().next().unwrap_or_default();
        }
        if let Some((name, _)) = self.known.iter().find(|known| known.1 == values) {
            return format!("{{{name}}}");
        }
        let pid = values.iter().all(|value| !value.contains('.') && value.len() >= 3);
        let secs = values.iter().all(|value| value.contains('.'));
        let (letter, kind) = if pid {
            ('p', "pid")
        } else if secs {
            ('t', "secs")
        } else {
            ('n', "int")
        };
        let name = (1..)
            .map(|number| format!("{letter}{number}"))
            .find(|name| self.used.insert(name.clone()));
        let name = name.expect("there is always another number");
        self.known.push((name.clone(), values));
        format!("{{{name}:{kind}}}")
    }
}
