//! Exact decimal numbers, as lines print them and rules calculate with them.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

/// The most digits before the point, and the most after it. A sum of [`MOST_TERMS`] such numbers, each with a factor,
/// fits into an `i128`.
pub(crate) const MOST_DIGITS: usize = 27;

/// The most digits of a factor.
pub(crate) const FACTOR_DIGITS: usize = 9;

/// The most terms of a sum.
pub(crate) const MOST_TERMS: usize = 100;

/// 10 to the power of [`MOST_DIGITS`].
const ONE: i128 = 10i128.pow(MOST_DIGITS as u32);

/// A decimal number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Number {
    /// The greatest whole number that is not greater than the number.
    whole: i128,
    /// The rest, in parts of [`ONE`].
    fraction: i128,
}

/// A text that is not a decimal number with at most [`MOST_DIGITS`] digits on either side of the point.
#[derive(Debug)]
pub(crate) struct NoNumber;

impl Number {
    fn new(whole: i128, fraction: i128) -> Number {
        Number { whole: whole + fraction.div_euclid(ONE), fraction: fraction.rem_euclid(ONE) }
    }

    pub(crate) fn floor(self) -> Number {
        Number { fraction: 0, ..self }
    }

    pub(crate) fn times(self, factor: i64) -> Number {
        let factor = i128::from(factor);
        Number::new(self.whole * factor, self.fraction * factor)
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Number {
        Number::new(i128::from(whole), 0)
    }
}

impl FromStr for Number {
    type Err = NoNumber;

    fn from_str(text: &str) -> Result<Number, NoNumber> {
        let digits = |digits: &str| {
            let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            (number && digits.len() <= MOST_DIGITS).then_some(()).ok_or(NoNumber)
        };
        let (negative, plain) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
        digits(whole)?;
        digits(fraction)?;
        let padded = format!("{fraction:0<MOST_DIGITS$}");
        let parse = |digits: &str| digits.parse().map_err(|_| NoNumber);
        let number = Number::new(parse(whole)?, parse(&padded)?);
        Ok(if negative { Number::default() - number } else { number })
    }
}

impl Add for Number {
    type Output = Number;

    fn add(self, other: Number) -> Number {
        Number::new(self.whole + other.whole, self.fraction + other.fraction)
    }
}

impl Sub for Number {
    type Output = Number;

    fn sub(self, other: Number) -> Number {
        self + other.times(-1)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.whole < 0 {
            write!(out, "-")?;
        }
        let size = if self.whole < 0 { self.times(-1) } else { *self };
        write!(out, "{}", size.whole)?;
        let digits = format!("{:0MOST_DIGITS$}", size.fraction);
        match digits.trim_end_matches('0') {
            "" => Ok(()),
            digits => write!(out, ".{digits}"),
        }
    }
}
