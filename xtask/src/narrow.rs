//! How does the page keep clear of a fault of WebKit?
//!
//! WebKit's interpreter of WebAssembly on x86-64 first takes the arguments of a call that returned from the stack, then reads
//! below the new end of the stack where the caller went on (WebKit bug 308691, mended in its trunk in February 2026). A
//! signal in between spares 128 bytes there (the red zone of the System V ABI for AMD64, 3.2.2), and WebKit sends itself one
//! whenever it has compiled a function. What lay deeper is gone then, and the page's process dies. Every argument takes 16
//! bytes and every result gives 16 back; so no function may take more than [`MOST`] arguments beyond its results. What
//! exceeds that travels in globals, which the function reads before anything else.

use anyhow::{Context, Result, anyhow, bail};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, ConstExpr, FuncType, Function, GlobalSection, GlobalType, Instruction, Module, ValType};
use wasmparser::{BlockType, CompositeInnerType, ExternalKind, FunctionBody, GlobalSectionReader, Operator, Parser, Payload, TypeRef};

/// The arguments beyond the results that a call may have: the caller's place is read from up to 24 bytes below them.
const MOST: usize = (128 - 24) / 16;

/// The same program, of whose functions none takes more than [`MOST`] arguments beyond its results.
pub(crate) fn narrow(program: &[u8]) -> Result<Vec<u8>> {
    let mut narrowing = Narrowing::of(program)?;
    if narrowing.carriers.is_empty() {
        return Ok(program.to_vec());
    }
    let mut module = Module::new();
    narrowing.parse_core_module(&mut module, Parser::new(0), program).map_err(said)?;
    Ok(module.finish())
}

/// What travels in a global: how far behind the last argument that stays one, and of which kind it is.
type Carried = (usize, wasmparser::ValType);

/// What is known of a program before its first function is written anew.
struct Narrowing {
    /// The types of functions; none for a type of something else.
    types: Vec<Option<wasmparser::FuncType>>,
    /// The type of each function, those from outside first.
    functions: Vec<u32>,
    /// How many globals there are without ours.
    globals: u32,
    /// Our globals; one more keeps the place in a table while its function is called.
    carriers: Vec<Carried>,
    /// The function that is written next.
    next: usize,
}

impl Narrowing {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most sections know nothing of functions")]
    fn of(program: &[u8]) -> Result<Self> {
        let mut this = Self { types: vec![], functions: vec![], globals: 0, carriers: vec![], next: 0 };
        let (mut outside, mut own_globals) = (vec![], false);
        for payload in Parser::new(0).parse_all(program) {
            match payload? {
                Payload::TypeSection(types) => {
                    for group in types {
                        this.types.extend(group?.into_types().map(|one| match one.composite_type.inner {
                            CompositeInnerType::Func(function) => Some(function),
                            CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) | CompositeInnerType::Cont(_) => None,
                        }));
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        match import.ty {
                            TypeRef::Func(of) | TypeRef::FuncExact(of) => {
                                outside.push((import.name, of));
                                this.functions.push(of);
                            }
                            TypeRef::Global(_) => this.globals += 1,
                            TypeRef::Table(_) | TypeRef::Memory(_) | TypeRef::Tag(_) => {}
                        }
                    }
                    this.next = this.functions.len();
                }
                Payload::FunctionSection(functions) => {
                    for function in functions {
                        this.functions.push(function?);
                    }
                }
                Payload::GlobalSection(section) => {
                    own_globals = true;
                    this.globals += section.count();
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            outside.push((export.name, this.type_of(export.index)?));
                        }
                    }
                }
                _ => {}
            }
        }
        if let Some((name, _)) = outside.iter().find(|(_, of)| !this.carried(*of).is_empty()) {
            bail!("{name} stands between the program and JavaScript and takes more arguments than WebKit bears");
        }
        for carried in this.types.iter().flatten().flat_map(carried) {
            if !this.carriers.contains(&carried) {
                this.carriers.push(carried);
            }
        }
        if !this.carriers.is_empty() && !own_globals {
            bail!("a program without a global of its own is not one of rustc");
        }
        Ok(this)
    }

    fn type_of(&self, function: u32) -> Result<u32> {
        self.functions.get(function as usize).copied().with_context(|| format!("there is no function {function}"))
    }

    /// What functions of this type take by globals, in its order.
    fn carried(&self, of: u32) -> Vec<Carried> {
        self.types.get(of as usize).and_then(Option::as_ref).map(carried).unwrap_or_default()
    }

    fn carrier(&self, carried: Carried) -> Result<u32> {
        let place = self.carriers.iter().position(|one| *one == carried).context("each kind has its carrier")?;
        Ok(self.globals + u32::try_from(place)?)
    }

    fn place_in_table(&self) -> Result<u32> {
        Ok(self.globals + u32::try_from(self.carriers.len())?)
    }

    /// The function with what it takes by globals as its first variables: they keep their numbers.
    fn written(&mut self, body: &FunctionBody<'_>) -> Result<Function> {
        let of = *self.functions.get(self.next).context("a function without a type")?;
        self.next += 1;
        let carried = self.carried(of);
        let mut variables = vec![];
        for (_, kind) in &carried {
            variables.push((1, self.kind(*kind)?));
        }
        for declared in body.get_locals_reader()? {
            let (count, kind) = declared?;
            variables.push((count, self.kind(kind)?));
        }
        let mut function = Function::new(variables);
        let stay = self.types[of as usize].as_ref().map_or(0, |of| of.params().len()) - carried.len();
        for (number, one) in carried.into_iter().enumerate() {
            function.instruction(&Instruction::GlobalGet(self.carrier(one)?));
            function.instruction(&Instruction::LocalSet(u32::try_from(stay + number)?));
        }
        let mut instructions = body.get_operators_reader()?;
        while !instructions.eof() {
            let instruction = instructions.read()?;
            self.before(&instruction, &mut function)?;
            function.instruction(&self.instruction(instruction).map_err(said)?);
        }
        Ok(function)
    }

    /// Puts away what the function that is called next takes by globals.
    #[expect(clippy::wildcard_enum_match_arm, reason = "hundreds of instructions call nothing")]
    fn before(&self, instruction: &Operator<'_>, function: &mut Function) -> Result<()> {
        let put_away = |carried: Vec<Carried>, function: &mut Function| -> Result<()> {
            for one in carried.into_iter().rev() {
                function.instruction(&Instruction::GlobalSet(self.carrier(one)?));
            }
            Ok(())
        };
        match instruction {
            Operator::Call { function_index } => put_away(self.carried(self.type_of(*function_index)?), function),
            Operator::CallIndirect { type_index, .. } => {
                let carried = self.carried(*type_index);
                if !carried.is_empty() {
                    function.instruction(&Instruction::GlobalSet(self.place_in_table()?));
                    put_away(carried, function)?;
                    function.instruction(&Instruction::GlobalGet(self.place_in_table()?));
                }
                Ok(())
            }
            Operator::Block { blockty: BlockType::FuncType(of) }
            | Operator::Loop { blockty: BlockType::FuncType(of) }
            | Operator::If { blockty: BlockType::FuncType(of) }
            | Operator::ReturnCallIndirect { type_index: of, .. }
            | Operator::CallRef { type_index: of }
            | Operator::ReturnCallRef { type_index: of } => self.bears(instruction, *of),
            Operator::ReturnCall { function_index } => self.bears(instruction, self.type_of(*function_index)?),
            _ => Ok(()),
        }
    }

    /// What rustc does not write is refused, not written wrongly.
    fn bears(&self, instruction: &Operator<'_>, of: u32) -> Result<()> {
        if self.carried(of).is_empty() { Ok(()) } else { bail!("{instruction:?} with so many arguments is nothing that rustc writes") }
    }

    fn kind(&mut self, kind: wasmparser::ValType) -> Result<ValType> {
        self.val_type(kind).map_err(said)
    }
}

/// What a function of this type takes beyond what WebKit bears.
fn carried(of: &wasmparser::FuncType) -> Vec<Carried> {
    of.params().iter().copied().skip(of.results().len() + MOST).enumerate().collect()
}

fn said(why: Error<anyhow::Error>) -> anyhow::Error {
    if let Error::UserError(why) = why { why } else { anyhow!("{why}") }
}

impl Reencode for Narrowing {
    type Error = anyhow::Error;

    fn func_type(&mut self, of: wasmparser::FuncType) -> Result<FuncType, Error<Self::Error>> {
        let stay = of.params().len() - carried(&of).len();
        utils::func_type(self, wasmparser::FuncType::new(of.params()[..stay].iter().copied(), of.results().iter().copied()))
    }

    fn parse_global_section(&mut self, globals: &mut GlobalSection, section: GlobalSectionReader<'_>) -> Result<(), Error<Self::Error>> {
        utils::parse_global_section(self, globals, section)?;
        for (_, kind) in self.carriers.clone() {
            let at_first = match kind {
                wasmparser::ValType::I32 => ConstExpr::i32_const(0),
                wasmparser::ValType::I64 => ConstExpr::i64_const(0),
                wasmparser::ValType::F32 => ConstExpr::f32_const(0.0.into()),
                wasmparser::ValType::F64 => ConstExpr::f64_const(0.0.into()),
                wasmparser::ValType::V128 | wasmparser::ValType::Ref(_) => return Err(Error::UserError(anyhow!("rustc passes no {kind}"))),
            };
            globals.global(GlobalType { val_type: self.val_type(kind)?, mutable: true, shared: false }, &at_first);
        }
        globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error<Self::Error>> {
        code.function(&self.written(&body).map_err(Error::UserError)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
        ImportSection, Instruction as I, Module, RefType, TableSection, TableType, TypeSection, ValType,
    };
    use wasmparser::{CompositeInnerType, Parser, Payload, Validator};

    use super::{MOST, narrow};

    const TEN: [ValType; 10] =
        [ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::I32, ValType::I64, ValType::F64, ValType::I32, ValType::F64, ValType::I32];

    /// What the function of ten arguments is to the outside.
    #[derive(Clone, Copy, PartialEq)]
    enum Ten {
        Inside,
        Exported,
        Imported,
    }

    /// `run(n)`, which calls a function of ten arguments directly and by a table, and that function with a variable of its own.
    fn program(ten: Ten) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], [ValType::I32]);
        types.ty().function(TEN, [ValType::I32]);
        module.section(&types);
        if ten == Ten::Imported {
            let mut imports = ImportSection::new();
            imports.import("page", "ten", EntityType::Function(1));
            module.section(&imports);
        }
        let mut functions = FunctionSection::new();
        functions.function(1).function(0);
        module.section(&functions);
        let mut tables = TableSection::new();
        tables.table(TableType { element_type: RefType::FUNCREF, table64: false, minimum: 1, maximum: None, shared: false });
        module.section(&tables);
        let mut globals = GlobalSection::new();
        globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(7));
        module.section(&globals);
        let first = u32::from(ten == Ten::Imported);
        let mut exports = ExportSection::new();
        exports.export("run", ExportKind::Func, first + 1);
        if ten == Ten::Exported {
            exports.export("ten", ExportKind::Func, first);
        }
        module.section(&exports);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(vec![first].into()));
        module.section(&elements);
        let mut code = CodeSection::new();
        let mut sum = Function::new([(1, ValType::F64)]);
        // Every argument weighs another amount, so none can stand in the place of another.
        for (number, kind) in (0..).zip(TEN) {
            sum.instruction(&I::LocalGet(number));
            match kind {
                ValType::I32 => sum.instruction(&I::F64ConvertI32S),
                ValType::I64 => sum.instruction(&I::F64ConvertI64S),
                ValType::F32 => sum.instruction(&I::F64PromoteF32),
                ValType::F64 | ValType::V128 | ValType::Ref(_) => &mut sum,
            };
            sum.instruction(&I::F64Const(f64::from(number + 2).into())).instruction(&I::F64Mul);
            sum.instruction(&I::LocalGet(10)).instruction(&I::F64Const(3.0.into())).instruction(&I::F64Mul);
            sum.instruction(&I::F64Add).instruction(&I::LocalSet(10));
        }
        sum.instruction(&I::LocalGet(10)).instruction(&I::I32TruncSatF64S).instruction(&I::GlobalGet(0)).instruction(&I::I32Add).instruction(&I::End);
        code.function(&sum);
        let mut run = Function::new([]);
        for call in [I::Call(first), I::CallIndirect { type_index: 1, table_index: 0 }] {
            for (number, kind) in (1..).zip(TEN) {
                run.instruction(&I::LocalGet(0)).instruction(&I::I32Const(number)).instruction(&I::I32Add);
                match kind {
                    ValType::I64 => run.instruction(&I::I64ExtendI32S),
                    ValType::F32 => run.instruction(&I::F32ConvertI32S),
                    ValType::F64 => run.instruction(&I::F64ConvertI32S),
                    ValType::I32 | ValType::V128 | ValType::Ref(_) => &mut run,
                };
            }
            if let I::CallIndirect { .. } = call {
                run.instruction(&I::I32Const(0));
            }
            run.instruction(&call);
        }
        run.instruction(&I::I32Const(31)).instruction(&I::I32Mul).instruction(&I::I32Xor).instruction(&I::End);
        code.function(&run);
        module.section(&code);
        module.finish()
    }

    /// What `run` gives for some numbers, by an engine that is not WebKit's.
    fn runs(program: &[u8]) -> String {
        let bytes: Vec<String> = program.iter().map(u8::to_string).collect();
        let script = format!(
            "const m = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([{}])));
             console.log([0, 1, -5, 1000, 123456].map((n) => m.exports.run(n)).join(' '))",
            bytes.join(",")
        );
        let ran = Command::new("node").args(["-e", &script]).output().expect("Node is what the README asks for");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).trim().to_owned()
    }

    /// The most arguments beyond its results that a function of the program takes.
    fn widest(program: &[u8]) -> usize {
        let mut widest = 0;
        for payload in Parser::new(0).parse_all(program) {
            let Payload::TypeSection(types) = payload.expect("it is a program") else { continue };
            for one in types.into_iter().flat_map(|group| group.expect("it has types").into_types()) {
                if let CompositeInnerType::Func(of) = one.composite_type.inner {
                    widest = widest.max(of.params().len().saturating_sub(of.results().len()));
                }
            }
        }
        widest
    }

    #[test]
    fn a_program_with_fewer_arguments_computes_what_it_computed() {
        let before = program(Ten::Inside);
        assert!(widest(&before) > MOST);
        let after = narrow(&before).expect("it is a program of rustc's kind");
        Validator::new().validate_all(&after).expect("it is a program");
        assert_eq!(widest(&after), MOST);
        let (old, new) = (runs(&before), runs(&after));
        assert_eq!(old, new);
        assert_eq!(old.split(' ').count(), 5, "{old}");
    }

    #[test]
    fn a_program_that_is_narrow_enough_is_left_as_it_is() {
        let narrowed = narrow(&program(Ten::Inside)).expect("it is a program of rustc's kind");
        assert_eq!(narrow(&narrowed).expect("it still is"), narrowed);
    }

    #[test]
    fn what_javascript_calls_or_is_called_by_is_refused_by_name() {
        for ten in [Ten::Exported, Ten::Imported] {
            let why = narrow(&program(ten)).expect_err("JavaScript knows nothing of globals").to_string();
            assert!(why.starts_with("ten stands between"), "{why}");
        }
    }
}
