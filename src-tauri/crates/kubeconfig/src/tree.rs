//! What is the shape of a YAML text, and on which line is each part?
//!
//! Knows: YAML and a budget. Does not know: kubeconfigs.
//! A repeated key and a second document are noted, not refused: client-go reads such files.

use std::{collections::HashMap, ops::Range, rc::Rc};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span, StructureStyle};

const EVENTS_AT_MOST: usize = 100_000;
/// Counted with every alias spelt out, so that a bomb is refused before anything walks it.
/// A thousand contexts that sign in by a cloud's program are 55,000 values, about 10 MiB as a tree.
const NODES_AT_MOST: usize = 64_000;
const ALIASES_AT_MOST: usize = 200;
const DEPTH_AT_MOST: usize = 32;
const SPELT_OUT_BYTES_AT_MOST: usize = 2 * crate::text::BYTES_AT_MOST;

/// Why a text has no tree. No message holds a value of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("the file is larger than 8 MiB")]
    TooLarge,
    #[error("the file is not text")]
    NotText { line: u32 },
    #[error("{budget}")]
    OverBudget { line: u32, budget: Budget },
    #[error("{message} (column {column})")]
    Syntax { line: u32, column: u32, message: String },
}

impl Broken {
    pub fn line(&self) -> u32 {
        match self {
            Self::TooLarge => 0,
            Self::NotText { line } | Self::OverBudget { line, .. } | Self::Syntax { line, .. } => *line,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Budget {
    #[error("the file has more than 100,000 YAML events")]
    Events,
    #[error("the file has more than 64,000 values, aliases spelt out")]
    Nodes,
    #[error("the file has more than 200 aliases")]
    Aliases,
    #[error("the file is nested deeper than 32 levels")]
    Depth,
    #[error("the file is larger than 16 MiB with its aliases spelt out")]
    Bytes,
}

/// The first document of a text.
#[derive(Debug)]
pub struct Tree {
    /// `None`: the text is empty or has comments only.
    pub root: Option<Rc<Node>>,
    pub repeated: Vec<Repeated>,
    pub documents: Documents,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Documents {
    One,
    /// Only the first is read, as client-go does.
    More {
        line: u32,
    },
}

/// A key that stands twice in one mapping; the last one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    pub key: String,
    pub line: u32,
}

#[derive(Debug)]
pub struct Node {
    pub line: u32,
    /// Bytes of the text; for a collection only where it begins.
    pub range: Range<usize>,
    pub value: Value,
    weight: Weight,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Value {
    Scalar { text: String, style: Style },
    List(Vec<Rc<Node>>),
    Map { pairs: Vec<Pair>, layout: Layout },
}

#[derive(Debug, PartialEq, Eq)]
pub struct Pair {
    pub key: String,
    pub key_node: Rc<Node>,
    pub value: Rc<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Quoted,
    Block,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Block,
    Flow,
}

/// Same content, wherever it stands and however it is quoted.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar { text: a, style: left }, Value::Scalar { text: b, style: right }) => a == b && (left == right || !looks_typed(a)),
            (Value::List(a), Value::List(b)) => a == b,
            (Value::Map { pairs: a, .. }, Value::Map { pairs: b, .. }) => a == b,
            (Value::Scalar { .. } | Value::List(_) | Value::Map { .. }, _) => false,
        }
    }
}
impl Eq for Node {}

impl Node {
    /// The last value of a key: what counts when a key is repeated.
    pub fn get(&self, key: &str) -> Option<&Rc<Node>> {
        match &self.value {
            Value::Map { pairs, .. } => pairs.iter().rev().find(|pair| pair.key == key).map(|pair| &pair.value),
            Value::Scalar { .. } | Value::List(_) => None,
        }
    }

    /// `~`, `null` or nothing at all.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, style: Style::Plain } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }
}

/// Would YAML 1.1, which kubectl reads, take this plain scalar for something other than a text?
pub fn looks_typed(text: &str) -> bool {
    const WORDS: [&str; 13] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", "-.inf", ".nan"];
    if text.is_empty() || WORDS.contains(&text.to_ascii_lowercase().as_str()) {
        return true;
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return false;
    }
    let plain = digits.replace('_', "");
    let radix = |prefix: &str, radix: u32| plain.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix)));
    let sixty = plain.split_once(':').is_some_and(|(head, rest)| {
        let whole = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
        whole(head) && rest.split(':').all(|part| part.len() <= 2 && whole(part))
    });
    plain.parse::<f64>().is_ok() || radix("0x", 16) || radix("0o", 8) || radix("0b", 2) || sixty || is_date(digits)
}

fn is_date(text: &str) -> bool {
    let head: String = text.chars().take(10).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    head == "0000-00-00"
}

/// Reads the first document.
pub fn read(text: &str) -> Result<Tree, Broken> {
    let options = granit_parser::options! { emit_comments: false };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut build = Build::default();
    let mut events = 0_usize;
    let mut documents = 0_usize;
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            // What comes after the first document is not read, so it cannot be wrong.
            Err(_) if documents > 0 && build.open.is_empty() && build.root.is_some() && build.ended => break,
            Err(error) => {
                let mark = error.marker();
                if *error.kind() == ErrorKind::RecursionLimitExceeded {
                    return Err(Broken::OverBudget { line: narrow(mark.line()), budget: Budget::Depth });
                }
                return Err(Broken::Syntax { line: narrow(mark.line()), column: narrow(mark.col()).saturating_add(1), message: error.kind().to_string() });
            }
        };
        events += 1;
        if events > EVENTS_AT_MOST {
            return Err(Broken::OverBudget { line: line(&span), budget: Budget::Events });
        }
        #[expect(clippy::wildcard_enum_match_arm, reason = "a foreign list that may grow; the options ask for no other event with content")]
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    build.documents = Some(line(&span));
                    break;
                }
            }
            Event::DocumentEnd => build.ended = true,
            Event::Scalar(text, style, anchor, _) => build.scalar(text.into_owned(), style, anchor, &span)?,
            Event::SequenceStart(_, anchor, _) => build.begin(Open::List(vec![]), anchor, &span)?,
            Event::MappingStart(layout, anchor, _) => {
                let layout = if layout == StructureStyle::Flow { Layout::Flow } else { Layout::Block };
                build.begin(Open::Map { pairs: vec![], key: None, layout }, anchor, &span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => build.end(&span)?,
            Event::Alias(id) => build.alias(id, &span)?,
            _ => {}
        }
    }
    let documents = build.documents.map_or(Documents::One, |line| Documents::More { line });
    Ok(Tree { root: build.root.filter(|root| !root.is_null()), repeated: build.repeated, documents })
}

#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

#[derive(Default)]
struct Build {
    root: Option<Rc<Node>>,
    open: Vec<Frame>,
    anchors: HashMap<usize, Rc<Node>>,
    aliases: usize,
    total: Weight,
    repeated: Vec<Repeated>,
    documents: Option<u32>,
    ended: bool,
}

struct Frame {
    line: u32,
    range: Range<usize>,
    anchor: usize,
    content: Open,
    weight: Weight,
}

enum Open {
    List(Vec<Rc<Node>>),
    Map { pairs: Vec<Pair>, key: Option<Rc<Node>>, layout: Layout },
}

impl Build {
    fn scalar(&mut self, text: String, style: ScalarStyle, anchor: usize, span: &Span) -> Result<(), Broken> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let weight = Weight { nodes: 1, bytes: text.len(), depth: 1 };
        self.place(Node { line: line(span), range: range(span), value: Value::Scalar { text, style }, weight }, anchor, line(span))
    }

    fn begin(&mut self, content: Open, anchor: usize, span: &Span) -> Result<(), Broken> {
        if self.open.len() >= DEPTH_AT_MOST {
            return Err(Broken::OverBudget { line: line(span), budget: Budget::Depth });
        }
        self.open.push(Frame { line: line(span), range: range(span), anchor, content, weight: Weight { nodes: 1, bytes: 0, depth: 1 } });
        Ok(())
    }

    fn end(&mut self, span: &Span) -> Result<(), Broken> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        let value = match frame.content {
            Open::List(items) => Value::List(items),
            Open::Map { pairs, layout, .. } => Value::Map { pairs: merged(pairs, &mut self.repeated), layout },
        };
        // Its children were counted when they were placed.
        self.total.nodes += 1;
        let node = Rc::new(Node { line: frame.line, range: frame.range, value, weight: frame.weight });
        self.attach(node, frame.anchor, line(span))
    }

    fn alias(&mut self, id: usize, span: &Span) -> Result<(), Broken> {
        self.aliases += 1;
        if self.aliases > ALIASES_AT_MOST {
            return Err(Broken::OverBudget { line: line(span), budget: Budget::Aliases });
        }
        let Some(target) = self.anchors.get(&id).cloned() else {
            return Err(Broken::Syntax { line: line(span), column: narrow(span.start.col()), message: "an alias inside its own anchor".into() });
        };
        self.count(target.weight, line(span))?;
        self.attach(target, 0, line(span))
    }

    fn place(&mut self, node: Node, anchor: usize, line: u32) -> Result<(), Broken> {
        self.count(node.weight, line)?;
        self.attach(Rc::new(node), anchor, line)
    }

    fn count(&mut self, weight: Weight, line: u32) -> Result<(), Broken> {
        self.total.nodes = self.total.nodes.saturating_add(weight.nodes);
        self.total.bytes = self.total.bytes.saturating_add(weight.bytes);
        let over = |budget| Err(Broken::OverBudget { line, budget });
        if self.total.nodes > NODES_AT_MOST {
            return over(Budget::Nodes);
        }
        if self.total.bytes > SPELT_OUT_BYTES_AT_MOST {
            return over(Budget::Bytes);
        }
        if self.open.len() + weight.depth > DEPTH_AT_MOST + 1 {
            return over(Budget::Depth);
        }
        Ok(())
    }

    fn attach(&mut self, node: Rc<Node>, anchor: usize, line: u32) -> Result<(), Broken> {
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.weight.nodes = frame.weight.nodes.saturating_add(node.weight.nodes);
        frame.weight.bytes = frame.weight.bytes.saturating_add(node.weight.bytes);
        frame.weight.depth = frame.weight.depth.max(node.weight.depth + 1);
        match &mut frame.content {
            Open::List(items) => items.push(node),
            Open::Map { pairs, key, .. } => match key.take() {
                None => {
                    if !matches!(node.value, Value::Scalar { .. }) {
                        return Err(Broken::Syntax { line, column: 1, message: "a key that is not a text".into() });
                    }
                    *key = Some(node);
                }
                Some(key_node) => {
                    let Value::Scalar { text, .. } = &key_node.value else { return Ok(()) };
                    pairs.push(Pair { key: text.clone(), value: node, key_node });
                }
            },
        }
        Ok(())
    }
}

/// Notes repeated keys and fills in what `<<` brings, which never replaces a key that is there.
fn merged(mut pairs: Vec<Pair>, repeated: &mut Vec<Repeated>) -> Vec<Pair> {
    let mut seen: HashMap<String, ()> = HashMap::with_capacity(pairs.len());
    for pair in &pairs {
        if seen.insert(pair.key.clone(), ()).is_some() && pair.key != "<<" {
            repeated.push(Repeated { key: pair.key.clone(), line: pair.key_node.line });
        }
    }
    let mut brought: Vec<Pair> = vec![];
    for pair in pairs.iter().filter(|pair| pair.key == "<<") {
        let sources: Vec<&Rc<Node>> = match &pair.value.value {
            Value::List(items) => items.iter().collect(),
            Value::Map { .. } | Value::Scalar { .. } => vec![&pair.value],
        };
        for source in sources {
            let Value::Map { pairs: theirs, .. } = &source.value else { continue };
            for their in theirs.iter().filter(|their| !seen.contains_key(&their.key)) {
                brought.push(Pair { key: their.key.clone(), key_node: Rc::clone(&their.key_node), value: Rc::clone(&their.value) });
            }
            for their in theirs {
                seen.insert(their.key.clone(), ());
            }
        }
    }
    pairs.retain(|pair| pair.key != "<<" || !matches!(pair.value.value, Value::Map { .. } | Value::List(_)));
    pairs.extend(brought);
    pairs
}

fn line(span: &Span) -> u32 {
    narrow(span.start.line())
}

fn range(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or(0..0)
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
