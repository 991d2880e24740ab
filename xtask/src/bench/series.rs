//! What do several measurements of one thing say?

use std::fmt;

/// Measurements of one thing, in the unit of who took them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
        self.0.sort_by(f64::total_cmp);
    }

    pub(crate) fn median(&self) -> f64 {
        match self.0.len() {
            0 => f64::NAN,
            n if n % 2 == 1 => self.0[n / 2],
            n => (self.0[n / 2 - 1] + self.0[n / 2]) / 2.0,
        }
    }

    /// Between these the true median lies, in 95 of 100 cases: the sign test turned round, which asks for no bell curve. With
    /// fewer than six values that is all of them.
    pub(crate) fn likely(&self) -> (f64, f64) {
        let n = self.0.len();
        let cut = outside(n).min(n.saturating_sub(1) / 2);
        match (self.0.get(cut), self.0.get((n + 1).saturating_sub(cut + 2))) {
            (Some(low), Some(high)) => (*low, *high),
            _ => (f64::NAN, f64::NAN),
        }
    }

    /// The lowest and the highest.
    pub(crate) fn spread(&self) -> (f64, f64) {
        (self.0.first().copied().unwrap_or(f64::NAN), self.0.last().copied().unwrap_or(f64::NAN))
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.spread();
        // A tenth of a millisecond says nothing of what takes less than one.
        let places = if high < 1.0 { 3 } else { 1 };
        write!(f, "{:.places$} ({low:.places$} to {high:.places$}, n={})", self.median(), self.0.len())
    }
}

/// How many of `n` values may be left out at each end: as often, with a fair coin, fewer than one time in 40.
fn outside(n: usize) -> usize {
    let (mut ways, mut sum, all) = (1.0, 0.0, 2_f64.powi(i32::try_from(n).unwrap_or(i32::MAX)));
    for k in 0..n {
        sum += ways;
        if sum / all > 0.025 {
            return k.saturating_sub(1);
        }
        ways = ways * (n - k) as f64 / (k + 1) as f64;
    }
    0
}

/// Says how a thing stands to its floor, pair by pair of one turn.
///
/// The verdict is "inconclusive" when the median may lie on either side of the bound, or the machine is crowded.
pub(crate) fn ratio(name: &str, ratios: &Series, most: f64) {
    let ((low, high), (least, largest)) = (ratios.likely(), ratios.spread());
    println!(
        "   {name}: ratio {:.2}, likely {low:.2} to {high:.2} (seen {least:.2} to {largest:.2}, n={}), bound {most:.2}: {}",
        ratios.median(),
        ratios.0.len(),
        verdict(ratios, most)
    );
}

/// Says how a thing stands to a fixed bound.
pub(crate) fn bound(name: &str, unit: &str, found: &Series, most: f64) {
    println!("   {name}: {found} {unit}, bound {most}: {}", verdict(found, most));
}

fn verdict(found: &Series, most: f64) -> &'static str {
    let (low, high) = found.likely();
    if high <= most {
        "met"
    } else if crowded() {
        "inconclusive: the machine has more to run than processors"
    } else if low > most {
        "missed"
    } else {
        "inconclusive: on either side"
    }
}

/// Whether others want the processors too: then what met its bound met it, and what missed it says nothing.
fn crowded() -> bool {
    let load = std::fs::read_to_string("/proc/loadavg").ok().and_then(|t| t.split(' ').next().and_then(|w| w.parse::<f64>().ok()));
    let processors = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    load.is_none_or(|load| load > 1.5 * processors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_lies_between_values_that_a_coin_would_seldom_leave_out() {
        // From tables of the sign test: n, and how many of each end lie outside.
        for (n, cut) in [(1, 0), (5, 0), (6, 0), (8, 0), (9, 1), (12, 2), (15, 3), (21, 5), (30, 9)] {
            assert_eq!(outside(n), cut, "{n}");
            let mut all = Series::default();
            (1..=n).for_each(|value| all.push(value as f64));
            assert_eq!(all.likely(), ((cut + 1) as f64, (n - cut) as f64), "{n}");
        }
    }

    #[test]
    fn one_slow_turn_of_many_decides_nothing() {
        let mut all = Series::default();
        (0..20).for_each(|at| all.push(1.0 + f64::from(at) / 100.0));
        all.push(9.0);
        assert_eq!(verdict(&all, 1.3), "met");
        let mut few = Series::default();
        [1.0, 1.1, 9.0].into_iter().for_each(|value| few.push(value));
        assert_ne!(verdict(&few, 1.3), "met");
    }
}
