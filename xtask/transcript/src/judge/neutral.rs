//! An output with neutral pids: two runs with the same fault read the same.

use super::assign::assign;
use super::table::Table;
use crate::budget::Budget;
use crate::legal::neutral_values;
use crate::model::Kind;

/// The lines, with neutral pids in those that fit an event.
pub(crate) fn neutral(table: &Table<'_>) -> Vec<String> {
    let transcript = table.transcript;
    let assignment = assign(table, &Budget::default());
    let mut values = neutral_values(transcript);
    let numbered =
        |variable: usize| matches!(transcript.variables[variable].kind, Kind::Pid | Kind::Tid);
    // A neutral value for each pid that was printed. A tid that equals a pid still equals it afterwards.
    let mut known: Vec<(&str, String)> = Vec::new();
    for variable in (0..values.len()).filter(|&variable| numbered(variable)) {
        let Some(printed) = table.value(&assignment.bound, variable) else { continue };
        match known.iter().find(|pair| pair.0 == printed) {
            Some((_, neutral)) => values[variable].clone_from(neutral),
            None => known.push((printed, values[variable].clone())),
        }
    }
    let line = |(line, event): (usize, &Option<usize>)| match event {
        Some(event) => transcript.fill(*event, |variable| {
            // A measured value stays as it is: a rule may compare it.
            match numbered(variable) {
                true => Some(values[variable].as_str()),
                false => table.value(&assignment.bound, variable),
            }
        }),
        None => replace_numbers(table.lines[line], &known),
    };
    assignment.event_of.iter().enumerate().map(line).collect()
}

/// Replaces whole numbers that are known pids.
fn replace_numbers(line: &str, known: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let length =
            rest[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - start);
        let number = &rest[start..start + length];
        text.push_str(&rest[..start]);
        let found = known.iter().find(|pair| pair.0 == number);
        text.push_str(found.map_or(number, |pair| &pair.1));
        rest = &rest[start + length..];
    }
    text + rest
}
