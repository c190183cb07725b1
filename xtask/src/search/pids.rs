//! The output of a run that was never made.
//!
//! A policy sees names of processes in place of their numbers, which differ from run to run. A transcript wants
//! numbers.

use orders::TaskName;

/// The lines of an output, with a number in place of each name of a process.
pub(super) fn with_pids(lines: &[String]) -> String {
    const FIRST: usize = 100;
    let mut names: Vec<TaskName> = Vec::new();
    let mut text = String::new();
    for line in lines {
        let mut rest = line.as_str();
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            let name = after
                .split_once('>')
                .and_then(|(name, rest)| Some((name.parse::<TaskName>().ok()?, rest)));
            if let Some((name, behind)) = name {
                let place = names.iter().position(|other| *other == name).unwrap_or(names.len());
                if place == names.len() {
                    names.push(name);
                }
                text.push_str(&(FIRST + place).to_string());
                rest = behind;
            } else {
                text.push('<');
                rest = after;
            }
        }
        text.push_str(rest);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_a_number_of_its_own() {
        let lines = ["<0.1> forks <0.1.1>", "<0.1.1> < <0>; <port> > <", ""].map(str::to_owned);
        assert_eq!(with_pids(&lines), "100 forks 101\n101 < 102; <port> > <\n\n");
    }
}
