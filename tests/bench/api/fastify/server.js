// The two requests of bench_api as a Node service answers them: fastify, and pg with the statements prepared by name on
// its pool of ten connections.
//
// As in visitord: a bearer token is looked up by its hash, and what was found is known for half a second; the scope of
// the key limits the statement; the answer has a strong ETag, and If-None-Match of it gets 304. Logging is off.
// BENCH_PLAN names a file with the statements and their parameters; PG* say where the database is.
'use strict'

const { createHash } = require('node:crypto')
const { readFileSync } = require('node:fs')
const fastify = require('fastify')({ logger: false })
const { Pool, types } = require('pg')

types.setTypeParser(20, Number) // bigint: numbers of things lie far below 2^53

const plan = JSON.parse(readFileSync(process.env.BENCH_PLAN, 'utf8'))
const pool = new Pool({ max: 10 })

const KNOWN_MS = 500
const known = new Map()

async function scopeOf (request) {
  const header = request.headers.authorization ?? ''
  if (!header.startsWith('Bearer ')) return null
  const hash = createHash('sha256').update(header.slice(7)).digest()
  const name = hash.toString('hex')
  const found = known.get(name)
  if (found !== undefined && Date.now() < found.at + KNOWN_MS) return found.scope
  const { rows } = await pool.query({
    name: 'key',
    text: 'SELECT sites::text, departments::text, hosts::text FROM bench_api_key WHERE hash = $1',
    values: [hash]
  })
  if (rows.length === 0) return null
  const scope = [rows[0].sites, rows[0].departments, rows[0].hosts]
  known.set(name, { at: Date.now(), scope })
  return scope
}

/// The parameters of a statement: those of the plan, with the scope and what the address says in their places.
function parametersOf (statement, scope, id) {
  const values = statement.parameters.slice()
  statement.scope.forEach((at, i) => { values[at] = scope[i] })
  if (id !== undefined) values[statement.id] = id
  return values
}

const text = (value) => value === '' ? null : value
const named = (id, name) => id === null ? null : { id, name }

function visitOf (row) {
  return {
    id: row.id,
    type: row.kind,
    status: row.status,
    guest: { id: row.guest_id, name: text(row.guest_name), company: text(row.guest_company) },
    host: named(row.host_id, row.host_name),
    department: named(row.department_id, row.department_name),
    site: named(row.site_id, row.site_name),
    purpose: row.purpose,
    purpose_text: text(row.purpose_text),
    contact_phone: text(row.contact_phone),
    consent_at: row.consent_at,
    expected_from: row.expected_from,
    expected_until: row.expected_until,
    checked_in_at: row.checked_in_at,
    checked_in_how: row.checked_in_how,
    checked_out_at: row.checked_out_at,
    checked_out_how: row.checked_out_how,
    ended_at: row.ended_at,
    entry_count: row.entry_count,
    exit_count: row.exit_count,
    cancelled_reason: text(row.cancelled_reason),
    registered_at: row.registered_at,
    version: row.version
  }
}

function answer (request, reply, value) {
  const body = JSON.stringify(value)
  const etag = '"' + createHash('sha256').update(body).digest('hex').slice(0, 24) + '"'
  reply.header('ETag', etag).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization')
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return reply.type('application/json').send(body)
}

function refuse (reply, status, title) {
  return reply.code(status).type('application/problem+json').send(JSON.stringify({ title, status }))
}

fastify.get('/api/v1/visits/:id', async (request, reply) => {
  const scope = await scopeOf(request)
  if (scope === null) return refuse(reply, 401, 'not authenticated')
  if (!/^[1-9][0-9]{0,15}$/.test(request.params.id)) return refuse(reply, 404, 'not found')
  const { rows } = await pool.query({
    name: 'one', text: plan.one.sql, values: parametersOf(plan.one, scope, request.params.id)
  })
  if (rows.length === 0) return refuse(reply, 404, 'not found')
  return answer(request, reply, visitOf(rows[0]))
})

fastify.get('/api/v1/visits/', async (request, reply) => {
  const scope = await scopeOf(request)
  if (scope === null) return refuse(reply, 401, 'not authenticated')
  const { rows } = await pool.query({ name: 'page', text: plan.page.sql, values: parametersOf(plan.page, scope) })
  const more = rows.length > plan.page_size
  const shown = more ? rows.slice(0, plan.page_size) : rows
  const last = shown[shown.length - 1]
  const next = more ? `/api/v1/visits/?cursor=${last.expected_from.getTime()}000.${last.id}` : null
  return answer(request, reply, { count: null, next, previous: null, results: shown.map(visitOf) })
})

fastify.listen({ host: '127.0.0.1', port: 0 }).then((address) => console.log(address + '/'))
