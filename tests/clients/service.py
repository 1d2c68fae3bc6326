"""The image-retrieval service's flow, and what else programs do, through Elasticsearch's own Python client.

Runs with every generation of the client: `ELASTIC_URL=http://127.0.0.1:9200 python service.py`.
"""

import math
import os
import random
import unittest
import warnings
from urllib.parse import urlsplit

import elasticsearch
from elasticsearch import ConflictError, Elasticsearch, NotFoundError, helpers

MAJOR = elasticsearch.__version__[0]
URL = os.environ["ELASTIC_URL"]
INDEX = "service"
DIMS = 512
COUNT = 120

warnings.simplefilter("ignore")


def connect():
    if MAJOR >= 8:
        return Elasticsearch(URL)
    address = urlsplit(URL)
    return Elasticsearch([{"host": address.hostname, "port": address.port}])


def vectors():
    """Unit vectors, so that every distance is defined on them."""
    chance = random.Random(7)
    made = []
    for _ in range(COUNT):
        vector = [chance.uniform(-1, 1) for _ in range(DIMS)]
        length = math.sqrt(math.fsum(x * x for x in vector))
        made.append([x / length for x in vector])
    return made


def single(number):
    """The number as the 32 bits that the index keeps."""
    import struct

    return struct.unpack("f", struct.pack("f", number))[0]


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.es = connect()
        cls.vectors = vectors()
        cls.forget(INDEX)
        mapping = {
            "settings": {"number_of_shards": 2},
            "mappings": {
                "dynamic": "true",
                "properties": {
                    "image_vector": {"type": "dense_vector", "dims": DIMS},
                    "image_name": {"type": "keyword"},
                },
            },
        }
        if MAJOR >= 9:
            cls.es.indices.create(index=INDEX, **mapping)
        else:
            cls.es.indices.create(index=INDEX, body=mapping)
        actions = (
            {
                "_op_type": "index",
                "_index": INDEX,
                "_id": str(number),
                "_source": {
                    "image_vector": vector,
                    "image_name": f"picture-{number}.jpg",
                    "year": 1990 + number % 5,
                },
            }
            for number, vector in enumerate(cls.vectors)
        )
        written, errors = helpers.bulk(cls.es, actions, chunk_size=50)
        assert (written, errors) == (COUNT, []), (written, errors)
        cls.es.indices.refresh(index=INDEX)

    @classmethod
    def forget(cls, index):
        if MAJOR >= 8:
            cls.es.options(ignore_status=404).indices.delete(index=index)
        else:
            cls.es.indices.delete(index=index, ignore=[404])

    def search(self, body, index=INDEX):
        if MAJOR >= 9:
            return self.es.search(index=index, **body)
        return self.es.search(index=index, body=body)

    def script(self, source, params, score):
        """Runs a script over every document and holds it against plain arithmetic."""
        found = self.search(
            {
                "query": {
                    "script_score": {
                        "query": {"match_all": {}},
                        "script": {"source": source, "params": params},
                    }
                },
                "size": 30,
                "_source": {"includes": ["image_name", "image_vector"]},
            }
        )
        query = next(iter(params.values()))
        stored = [[single(x) for x in vector] for vector in self.vectors]
        expected = sorted(((score(query, v), n) for n, v in enumerate(stored)), reverse=True)
        hits = found["hits"]["hits"]
        self.assertEqual(len(hits), 30)
        self.assertEqual(found["hits"]["total"]["value"], COUNT)
        for hit, (value, number) in zip(hits, expected):
            self.assertAlmostEqual(hit["_score"], value, delta=1e-5)
        self.assertEqual(hits[0]["_id"], str(expected[0][1]))
        # Existing programs read the vectors back.
        self.assertEqual(len(hits[0]["_source"]["image_vector"]), DIMS)

    def test_cosine(self):
        self.script(
            "cosineSimilarity(params.queryVector, 'image_vector') + 1.0",
            {"queryVector": self.vectors[3]},
            lambda q, v: dot(q, v) / (norm(q) * norm(v)) + 1,
        )
        self.script(
            "cosineSimilarity(params.queryVector, doc['image_vector']) + 1.0",
            {"queryVector": self.vectors[4]},
            lambda q, v: dot(q, v) / (norm(q) * norm(v)) + 1,
        )

    def test_l1(self):
        self.script(
            "1 / (1 + l1norm(params.queryVector, doc['image_vector']))",
            {"queryVector": self.vectors[5]},
            lambda q, v: 1 / (1 + math.fsum(abs(a - b) for a, b in zip(q, v))),
        )

    def test_l2(self):
        self.script(
            "1 / (1 + l2norm(params.queryVector, doc['image_vector']))",
            {"queryVector": self.vectors[6]},
            lambda q, v: 1 / (1 + math.sqrt(math.fsum((a - b) ** 2 for a, b in zip(q, v)))),
        )

    def test_dot(self):
        source = """
          double value = doc['image_vector'].size() == 0 ? 0 :
              dotProduct(params.queryVector, doc['image_vector']);
          return sigmoid(1, Math.E, -value);
        """
        self.script(
            source,
            {"queryVector": self.vectors[7]},
            lambda q, v: 1 / (1 + math.exp(-dot(q, v))),
        )

    def test_knn(self):
        body = {
            "knn": {
                "field": "image_vector",
                "query_vector": self.vectors[9],
                "k": 5,
                "num_candidates": 50,
            },
            "_source": False,
        }
        if MAJOR == 7:
            self.skipTest("clients before 8 have no nearest-neighbour search")
        hits = self.search(body)["hits"]["hits"]
        self.assertEqual(hits[0]["_id"], "9")
        self.assertAlmostEqual(hits[0]["_score"], 1.0, delta=1e-5)
        self.assertEqual(len(hits), 5)

    def test_documents(self):
        index = "documents"
        self.forget(index)
        write = {"body": {"name": "one"}} if MAJOR < 9 else {"document": {"name": "one"}}
        created = self.es.index(index=index, id="1", refresh=True, **write)
        self.assertEqual(created["result"], "created")
        if MAJOR == 7:
            self.assertEqual(created["_type"], "_doc")
        self.assertTrue(self.es.exists(index=index, id="1"))
        self.assertEqual(self.es.get(index=index, id="1")["_source"], {"name": "one"})
        change = {"body": {"doc": {"year": 3}}} if MAJOR < 9 else {"doc": {"year": 3}}
        self.assertEqual(self.es.update(index=index, id="1", **change)["result"], "updated")
        self.assertEqual(self.es.update(index=index, id="1", **change)["result"], "noop")
        self.assertEqual(self.es.get_source(index=index, id="1"), {"name": "one", "year": 3})
        with self.assertRaises(ConflictError):
            self.es.create(index=index, id="1", **write)
        with self.assertRaises(NotFoundError):
            self.es.get(index=index, id="2")
        several = {"body": {"ids": ["1", "2"]}} if MAJOR < 9 else {"ids": ["1", "2"]}
        found = [doc["found"] for doc in self.es.mget(index=index, **several)["docs"]]
        self.assertEqual(found, [True, False])
        self.es.indices.refresh(index=index)
        self.assertEqual(self.es.count(index=index)["count"], 1)
        self.assertEqual(self.es.delete(index=index, id="1", refresh=True)["result"], "deleted")
        self.assertEqual(self.es.count(index=index)["count"], 0)
        self.assertTrue(self.es.indices.exists(index=index))
        self.es.indices.delete(index=index)
        self.assertFalse(self.es.indices.exists(index=index))

    def test_filters_and_aggregations(self):
        found = self.search(
            {
                "query": {"bool": {"filter": [{"range": {"year": {"gte": 1992}}}]}},
                "aggs": {"years": {"terms": {"field": "year"}}, "mean": {"avg": {"field": "year"}}},
                "size": 0,
            }
        )
        self.assertEqual(found["hits"]["total"]["value"], COUNT * 3 // 5)
        buckets = found["aggregations"]["years"]["buckets"]
        self.assertEqual([bucket["key"] for bucket in buckets], [1992, 1993, 1994])
        self.assertAlmostEqual(found["aggregations"]["mean"]["value"], 1993.0)

    def test_errors(self):
        error = elasticsearch.BadRequestError if MAJOR >= 8 else elasticsearch.RequestError
        with self.assertRaises(error) as caught:
            self.search({"query": {"nothing": {}}})
        self.assertIn("unknown query [nothing]", str(caught.exception))
        with self.assertRaises(NotFoundError):
            self.search({"query": {"match_all": {}}}, index="no-such-index")

    def test_info(self):
        info = self.es.info()
        self.assertTrue(info["version"]["number"].startswith("8.19."))
        self.assertTrue(self.es.ping())
        self.assertIn(self.es.cluster.health()["status"], ["green", "yellow"])
        names = [row["index"] for row in self.es.cat.indices(format="json")]
        self.assertIn(INDEX, names)


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def norm(a):
    return math.sqrt(dot(a, a))


if __name__ == "__main__":
    unittest.main()
