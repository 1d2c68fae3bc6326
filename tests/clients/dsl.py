"""elasticsearch-dsl: documents and searches as classes. `ELASTIC_URL=http://127.0.0.1:9200 python dsl.py`."""

import os
import unittest
from datetime import datetime

from elasticsearch_dsl import A, Date, Document, InnerDoc, Integer, Keyword, Nested, Q, Text, connections


class Face(InnerDoc):
    name = Keyword()
    x = Integer()


class Photo(Document):
    title = Text(fields={"raw": Keyword()})
    tags = Keyword(multi=True)
    taken = Date()
    faces = Nested(Face)

    class Index:
        name = "photos"
        settings = {"number_of_shards": 1}


class Dsl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        connections.create_connection(hosts=[os.environ["ELASTIC_URL"]])
        Photo._index.delete(ignore_unavailable=True)
        Photo.init()
        for number, (title, tags) in enumerate(
            [("A red car", ["red"]), ("The blue sea", ["blue", "sea"]), ("A red rose", ["red"])]
        ):
            photo = Photo(title=title, tags=tags, taken=datetime(2024, 1, 1 + number))
            photo.meta.id = number
            photo.faces.append(Face(name=f"face-{number}", x=number))
            photo.save()
        Photo._index.refresh()

    def test_get_and_update(self):
        photo = Photo.get(id=1)
        self.assertEqual(photo.title, "The blue sea")
        self.assertEqual(photo.taken, datetime(2024, 1, 2))
        photo.update(tags=["sea"])
        self.assertEqual(list(Photo.get(id=1).tags), ["sea"])

    def test_search(self):
        found = Photo.search().query("match", title="red").sort("taken").execute()
        self.assertEqual([photo.title for photo in found], ["A red car", "A red rose"])
        found = Photo.search().filter("term", title__raw="A red rose").execute()
        self.assertEqual([photo.meta.id for photo in found], ["2"])

    def test_nested(self):
        query = Q("nested", path="faces", query=Q("term", faces__name="face-1"))
        self.assertEqual([p.meta.id for p in Photo.search().query(query)], ["1"])

    def test_aggregation(self):
        search = Photo.search().extra(size=0)
        search.aggs.bucket("tags", A("terms", field="tags"))
        buckets = search.execute().aggregations.tags.buckets
        self.assertEqual(buckets[0].key, "red")
        self.assertEqual(buckets[0].doc_count, 2)


if __name__ == "__main__":
    unittest.main()
