//! What stands in a recorded transcript?
//!
//! Lines of the form `   1.709 err| text`, `   0.100 out| text`, at the end `   23.221 rc=0`; `#` begins a remark.

use crate::Side;

/// One recorded run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    pub spoken: Vec<Spoken>,
    pub code: i32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    pub at_milliseconds: u64,
    pub side: Side,
    pub text: String,
}

impl Transcript {
    /// Reads a transcript; a line that has no time continues the text before it.
    pub fn parse(text: &str) -> Self {
        let mut all = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match parse_line(line) {
                Some(Said::Text(spoken)) => all.spoken.push(spoken),
                Some(Said::Code(code)) => all.code = code,
                None => {
                    if let Some(last) = all.spoken.last_mut().filter(|_| !line.is_empty()) {
                        last.text.push('\n');
                        last.text.push_str(line);
                    }
                }
            }
        }
        all
    }
}

enum Said {
    Text(Spoken),
    Code(i32),
}

fn parse_line(line: &str) -> Option<Said> {
    let (time, rest) = line.trim_start().split_once(' ')?;
    let (seconds, thousandths) = time.split_once('.').filter(|(_, thousandths)| thousandths.len() == 3)?;
    let at_milliseconds = seconds.parse::<u64>().ok()? * 1_000 + thousandths.parse::<u64>().ok()?;
    if let Some(code) = rest.strip_prefix("rc=") {
        return code.trim().parse().ok().map(Said::Code);
    }
    let (side, text) = rest.split_once('|')?;
    let side = match side {
        "out" => Side::Out,
        "err" => Side::Err,
        _ => return None,
    };
    // One space stands between the bar and the text.
    Some(Said::Text(Spoken { at_milliseconds, side, text: text.strip_prefix(' ').unwrap_or(text).to_owned() }))
}

#[cfg(test)]
mod tests;
