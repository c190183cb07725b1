//! What is the same in every run of a text.

use crate::direct::Name;

/// A process has at least this many digits: smaller numbers are counts, on a machine that has been up for a minute.
const PID_DIGITS: usize = 3;

/// The text with `<0.2>` in place of the number of the thread that has this name, and `T` in place of each decimal
/// fraction, which is a measured time.
pub(super) fn neutral<'a>(text: &str, name_of: impl Fn(i32) -> Option<&'a Name>) -> String {
    let mut neutral = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        neutral.push_str(&rest[..start]);
        let (number, after) = digits(&rest[start..]);
        rest = after;
        if let Some((fraction, after)) = after.strip_prefix('.').map(digits)
            && !fraction.is_empty()
        {
            neutral.push('T');
            rest = after;
            continue;
        }
        let pid = Some(number).filter(|number| number.len() >= PID_DIGITS);
        match pid.and_then(|pid| name_of(pid.parse().ok()?)) {
            Some(name) => neutral.push_str(&format!("<{name}>")),
            None => neutral.push_str(number),
        }
    }
    neutral + rest
}

/// The digits at the beginning, and what follows.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_processes_become_names() {
        let name = Name::leader().child(1);
        let neutral = |text| neutral(text, |pid| (pid == 4711).then_some(&name));
        assert_eq!(
            neutral("child 4711: 3 of 4712, at 0.25 s\n"),
            "child <0.2>: 3 of 4712, at T s\n"
        );
        assert_eq!(neutral("进程 4711."), "进程 <0.2>.");
        assert_eq!(neutral("1.5.7"), "T.7");
        assert_eq!(neutral("none"), "none");
    }
}
