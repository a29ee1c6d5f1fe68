DROP TABLE case_documents;
DROP TABLE documents;
DROP TABLE blobs;
