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

/// Says how a thing stands to its floor, pair by pair of one turn.
///
/// The verdict is "inconclusive" when the pairs do not agree on which side of the bound they lie, or the machine is crowded.
pub(crate) fn ratio(name: &str, ratios: &Series, most: f64) {
    println!("   {name}: ratio {:.2} ({:.2} to {:.2}), bound {most:.2}: {}", ratios.median(), ratios.spread().0, ratios.spread().1, verdict(ratios, most));
}

/// Says how a thing stands to a fixed bound.
pub(crate) fn bound(name: &str, unit: &str, found: &Series, most: f64) {
    println!("   {name}: {found} {unit}, bound {most}: {}", verdict(found, most));
}

fn verdict(found: &Series, most: f64) -> &'static str {
    let (low, high) = found.spread();
    if high <= most {
        "met in every turn"
    } else if crowded() {
        "inconclusive: the machine has more to run than processors"
    } else if low > most {
        "missed in every turn"
    } else {
        "inconclusive: some turns on each side"
    }
}

/// Whether others want the processors too: then what met its bound met it, and what missed it says nothing.
fn crowded() -> bool {
    let load = std::fs::read_to_string("/proc/loadavg").ok().and_then(|t| t.split(' ').next().and_then(|w| w.parse::<f64>().ok()));
    let processors = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    load.is_none_or(|load| load > 1.5 * processors)
}
