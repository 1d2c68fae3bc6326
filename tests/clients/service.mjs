// The image-retrieval service's flow through Elasticsearch's own client for JavaScript.
// `ELASTIC_URL=http://127.0.0.1:9200 node --test service.mjs`

import assert from 'node:assert/strict'
import test from 'node:test'
import { Client, errors } from '@elastic/elasticsearch'

const client = new Client({ node: process.env.ELASTIC_URL })
const index = 'service-js'
const vectors = Array.from({ length: 50 }, (_, n) =>
  Array.from({ length: 64 }, (_, i) => Math.sin(n * 13 + i * 7)))

const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0)
const cosine = (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))

test('the flow', async () => {
  await client.indices.delete({ index }, { ignore: [404] })
  await client.indices.create({
    index,
    mappings: {
      properties: {
        image_vector: { type: 'dense_vector', dims: 64 },
        image_name: { type: 'keyword' }
      }
    }
  })
  const documents = vectors.map((vector, n) => ({ image_vector: vector, image_name: `p${n}.jpg`, n }))
  const written = await client.helpers.bulk({
    datasource: documents,
    onDocument: (document) => ({ index: { _index: index, _id: String(document.n) } }),
    refreshOnCompletion: true
  })
  assert.equal(written.successful, 50)
  const found = await client.search({
    index,
    query: {
      script_score: {
        query: { match_all: {} },
        script: {
          source: "cosineSimilarity(params.query_vector, 'image_vector') + 1.0",
          params: { query_vector: vectors[7] }
        }
      }
    }
  })
  const expected = vectors.map((v) => cosine(vectors[7], v) + 1).sort((a, b) => b - a)
  found.hits.hits.forEach((hit, place) => {
    assert.ok(Math.abs(hit._score - expected[place]) < 1e-5, `${hit._score} ${expected[place]}`)
  })
  assert.equal(found.hits.hits[0]._id, '7')
  const near = await client.search({
    index, knn: { field: 'image_vector', query_vector: vectors[9], k: 3, num_candidates: 20 }
  })
  assert.equal(near.hits.hits[0]._id, '9')
  assert.equal(near.hits.hits.length, 3)
})

test('errors have their classes', async () => {
  await assert.rejects(client.get({ index, id: 'nowhere' }), errors.ResponseError)
  await assert.rejects(client.search({ index, query: { nothing: {} } }), /unknown query \[nothing\]/)
})
