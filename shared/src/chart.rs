//! Bars and curves as text.
//!
//! Some results are easier to see than to read:
//!
//! ```
//! use shared::chart;
//!
//! let milliseconds = [("one big lock", 84.0), ("a lock each", 31.0), ("no lock", 2.0)];
//! let rows = milliseconds.map(|(name, time)| {
//!     format!("{name:<12} {time:>3} ms {}", chart::bar(time, 84.0, 21))
//! });
//! assert_eq!(rows, [
//!     "one big lock  84 ms █████████████████████",
//!     "a lock each   31 ms ████████",
//!     "no lock        2 ms █",
//! ]);
//! ```

/// A bar for `value`, where one of `width` columns would be a bar for `largest`.
///
/// The length is rounded, but a value above 0 always gets a column. A value above `largest` gets `width` columns, and a
/// negative value or NaN gets none. No spaces follow: to print something behind bars, pad them with `{:<20}`.
///
/// ```
/// use shared::chart::bar;
///
/// assert_eq!(bar(5.0, 10.0, 8), "████");
/// assert_eq!(bar(0.01, 10.0, 8), "█");
/// assert_eq!(bar(0.0, 10.0, 8), "");
/// assert_eq!(format!("|{:<8}|", bar(7.5, 10.0, 8)), "|██████  |");
/// ```
pub fn bar(value: f64, largest: f64, width: usize) -> String {
    let columns = (share(value, largest) * width as f64).round() as usize;
    "█".repeat(if value > 0.0 { columns.max(1).min(width) } else { 0 })
}

/// A curve with a character for each value, from `▁` for 0 to `█` for `largest`.
///
/// A value above `largest` is drawn as `█`, a negative one as `▁`, and NaN, for a value that is missing, as a space.
///
/// ```
/// use shared::chart::sparkline;
///
/// assert_eq!(sparkline(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 7.0), "▁▂▃▄▅▆▇█");
/// assert_eq!(sparkline(&[50.0, 100.0, f64::NAN, 25.0], 100.0), "▅█ ▃");
/// ```
pub fn sparkline(values: &[f64], largest: f64) -> String {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let level = |value: &f64| match value.is_nan() {
        true => ' ',
        false => LEVELS[(share(*value, largest) * 7.0).round() as usize],
    };
    values.iter().map(level).collect()
}

/// How much of `largest` the value is, from 0 to 1.
fn share(value: f64, largest: f64) -> f64 {
    // Asked first, because 0 / 0 is NaN.
    if value > 0.0 { (value / largest).clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_bar() {
        assert_eq!(bar(1.49, 10.0, 10), "█");
        assert_eq!(bar(1.51, 10.0, 10), "██");
        assert_eq!(bar(10.0, 10.0, 3), "███");
        assert_eq!(bar(11.0, 10.0, 3), "███");
        assert_eq!(bar(f64::INFINITY, 10.0, 3), "███");
        assert_eq!(bar(1.0, 0.0, 3), "███");
        assert_eq!(bar(f64::MIN_POSITIVE, 10.0, 3), "█");
        assert_eq!(bar(1.0, 10.0, 0), "");
        for nothing in [0.0, -0.0, -1.0, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(bar(nothing, 10.0, 3), "");
        }
        assert_eq!(bar(0.0, 0.0, 3), "");
    }

    #[test]
    fn every_value_has_one_character_in_a_sparkline() {
        assert_eq!(sparkline(&[], 1.0), "");
        assert_eq!(sparkline(&[-1.0, 0.0, 0.07, 0.08, 1.0, 2.0, f64::NAN], 1.0), "▁▁▁▂██ ");
        assert_eq!(sparkline(&[0.0, 0.0], 0.0), "▁▁");
        assert_eq!(sparkline(&[0.0, 1.0, f64::INFINITY], 0.0), "▁██");
    }

    #[test]
    fn a_largest_value_that_is_no_number_is_no_panic() {
        for largest in [f64::NAN, -1.0, f64::INFINITY] {
            assert!(bar(1.0, largest, 3).chars().count() <= 3);
            assert_eq!(sparkline(&[1.0], largest).chars().count(), 1);
        }
    }
}
