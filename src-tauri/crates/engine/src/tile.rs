//! Which two letters and which hue stand for a context?

use api::contexts::Tile;

/// Production is red for everybody; the other hues are spread.
const PRODUCTION: u8 = 1;
/// Chosen so that names that often stand side by side (`dev`, `staging`, `lab-a`, `lab-b`) get different hues.
const SEED: u32 = 75_982_172;

/// Gives the tile of a name; the same name always gets the same one.
pub(crate) fn tile(name: &str) -> Tile {
    Tile { letters: letters(name), hue: hue(name) }
}

fn letters(name: &str) -> String {
    // What kind and cloud tools put in front is the same for all of theirs.
    let plain = name.strip_prefix("kind-").unwrap_or(name);
    let plain = plain.rsplit(['/', ':']).next().unwrap_or(plain);
    let parts: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
    let long = |part: &str| part.chars().count() == 2 || part.chars().count() > 5;
    let found: String = match parts.as_slice() {
        [] => "?".to_owned(),
        [one] => one.chars().take(2).collect(),
        [first, ..] if long(first) => first.chars().take(2).collect(),
        [first, second, ..] => first.chars().take(1).chain(second.chars().take(1)).collect(),
    };
    found.to_uppercase()
}

fn hue(name: &str) -> u8 {
    if name.split(|c: char| !c.is_alphanumeric()).any(|part| matches!(part, "prod" | "production" | "prd" | "live")) {
        return PRODUCTION;
    }
    // FNV-1a: stable over versions of the compiler, which the standard library's hasher is not.
    let hash = name.bytes().fold(SEED, |h, b| (h ^ u32::from(b)).wrapping_mul(16_777_619));
    let spread = (hash ^ (hash >> 15)) % 7;
    u8::try_from(spread).unwrap_or(0) + 2
}

#[cfg(test)]
mod tests {
    use super::tile;

    #[test]
    fn a_name_gets_its_letters_and_hue() {
        for (name, letters, hue) in [
            ("dev-eu", "DE", 7),
            ("staging-eu", "ST", 3),
            ("prod-eu-1", "PE", 1),
            ("pi-rack", "PI", 8),
            ("nas-k3s", "NK", 2),
            ("kind-kos-mgmt", "KM", 6),
            ("lab-a", "LA", 5),
            ("lab-b", "LB", 4),
        ] {
            let found = tile(name);
            assert_eq!((found.letters.as_str(), found.hue), (letters, hue), "{name}");
        }
    }

    #[test]
    fn odd_names_get_a_tile_too() {
        for (name, letters) in [("", "?"), ("---", "?"), ("x", "X"), ("arn:aws:eks:eu-west-1:1:cluster/shop", "SH"), ("ß-ü", "SSÜ")] {
            assert_eq!(tile(name).letters, letters, "{name}");
            assert!((1..=8).contains(&tile(name).hue));
        }
    }
}
