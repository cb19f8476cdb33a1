/**
 * Zod schemas of everything that lives under question-banks/. Zod is the source; question-banks/schema/*.json is
 * generated from it for editors. A file that parses is well-formed; whether it is good is the business of check.ts.
 */
export * from './schema/bank.ts'
export * from './schema/blueprint.ts'
export * from './schema/item.ts'
export * from './schema/material.ts'
export * from './schema/parts.ts'
export * from './schema/programme.ts'
