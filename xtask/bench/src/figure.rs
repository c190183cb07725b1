//! The result of a turn.

/// A figure, or why there is none: the contender is skipped then.
pub type Figure = Result<f64, String>;

/// The figures of several runs, summed up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The middle one; for an even number of runs, the mean of the middle two.
    pub median: f64,
    /// The smallest one.
    pub least: f64,
    /// The largest one.
    pub most: f64,
}

impl Spread {
    /// None without figures.
    pub fn of(figures: Vec<f64>) -> Option<Self> {
        let least = figures.iter().copied().reduce(f64::min)?;
        let most = figures.iter().copied().reduce(f64::max)?;
        Some(Self { median: median(figures)?, least, most })
    }
}

/// Three digits, or more if there are more before the point.
pub fn digits(figure: f64) -> String {
    let places = match figure {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{figure:.places$}")
}

/// The middle one; for an even number of figures, the mean of the middle two.
pub(crate) fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let upper = *figures.get(figures.len() / 2)?;
    let lower = figures[(figures.len() - 1) / 2];
    Some(lower.midpoint(upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 100.0]), Some(3.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn a_spread_reaches_from_the_least_to_the_most() {
        let spread = Spread { median: 2.0, least: 1.5, most: 9.0 };
        assert_eq!(Spread::of(vec![2.0, 9.0, 1.5]), Some(spread));
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
