//! What is the same in every run, of a text that is printed.

/// A process has at least this many digits: smaller numbers are counts, on a machine that has been up for a minute.
const PID_DIGITS: usize = 3;

/// The text with `<0.2>` in place of the number of the thread that has this name, `0xA` in place of each address, `T`
/// in place of each decimal fraction, which is a measured time, and `█` in place of each bar or curve, which draws such
/// times.
pub(super) fn neutral(text: &str, name_of: impl Fn(i32) -> Option<String>) -> String {
    let mut neutral = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c| char::is_ascii_digit(&c) || is_block(c)) {
        neutral.push_str(&rest[..start]);
        rest = &rest[start..];
        if rest.starts_with(is_block) {
            neutral.push('█');
            rest = rest.trim_start_matches(is_block);
            continue;
        }
        let (number, after) = split(rest, |c| c.is_ascii_digit());
        let fraction = after.strip_prefix('.').map(|after| split(after, |c| c.is_ascii_digit()));
        let address = after.strip_prefix('x').map(|after| split(after, |c| c.is_ascii_hexdigit()));
        rest = match (fraction, address) {
            (Some((fraction, after)), _) if !fraction.is_empty() => {
                neutral.push('T');
                after
            }
            (_, Some((address, after))) if number == "0" && !address.is_empty() => {
                neutral.push_str("0xA");
                after
            }
            _ => {
                let pid = Some(number).filter(|number| number.len() >= PID_DIGITS);
                match pid.and_then(|pid| name_of(pid.parse().ok()?)) {
                    Some(name) => neutral.push_str(&format!("<{name}>")),
                    None => neutral.push_str(number),
                }
                after
            }
        };
    }
    neutral + rest
}

/// Whether the character is one of Unicode's block elements, of which charts are made.
fn is_block(c: char) -> bool {
    matches!(c, '\u{2580}'..='\u{259f}')
}

/// The characters at the beginning that are like this, and what follows.
fn split(text: &str, is_like: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !is_like(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_processes_become_names() {
        let neutral = |text| neutral(text, |pid| (pid == 4711).then(|| "0.2".to_owned()));
        assert_eq!(
            neutral("child 4711: 3 of 4712, at 0.25 s\n"),
            "child <0.2>: 3 of 4712, at T s\n"
        );
        assert_eq!(neutral("进程 4711."), "进程 <0.2>.");
        assert_eq!(neutral("1.5.7"), "T.7");
        assert_eq!(neutral("0x7ffe4711, 10x, 0x"), "0xA, 10x, 0x");
        assert_eq!(neutral("none"), "none");
        assert_eq!(neutral("2 ███▌░░ 7, ▁▃▇\n"), "2 █ 7, █\n");
    }
}
