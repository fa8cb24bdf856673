DROP TABLE trace_contexts
