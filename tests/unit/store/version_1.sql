-- A store as migration 1 alone made it, with one finished experiment. Never edited.
BEGIN TRANSACTION;
CREATE TABLE completions (
	experiment_id TEXT NOT NULL,
	step_index INTEGER NOT NULL,
	request_key TEXT NOT NULL,
	model TEXT NOT NULL,
	tier TEXT NOT NULL,
	at TEXT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (experiment_id, step_index, request_key),
	FOREIGN KEY(experiment_id) REFERENCES experiments (id)
);
INSERT INTO "completions" VALUES('exp_00000001',0,'72b1ec88706ecb59e95195026924dd2741f8a668c1ab0ec57bdd1a5f3d201ad2','coder:1b','local','2026-11-23T12:32:49.943565+00:00','{"text":"def f():\n    return 42","model":"coder:1b","tier":"local","usage":{"input_tokens":100,"output_tokens":20,"cache_read":0,"cache_write":0,"reasoning":0},"cost_usd":"0.01","latency_s":1.5,"first_token_s":null,"finish_reason":"stop","truncated_prompt":null,"sent":{"temperature":0.1},"server":{}}');
CREATE TABLE experiments (
	n INTEGER NOT NULL,
	id TEXT NOT NULL,
	run_id TEXT NOT NULL,
	started_at TEXT NOT NULL,
	benchmark TEXT NOT NULL,
	problem_id TEXT NOT NULL,
	strategy TEXT NOT NULL,
	spec TEXT NOT NULL,
	problem TEXT NOT NULL,
	PRIMARY KEY (n),
	UNIQUE (id)
);
INSERT INTO "experiments" VALUES(1,'exp_00000001','bench_00000001_20260101_000000','2026-11-23T12:32:49.937896+00:00','humaneval','HumanEval/0','iterative','{"id":"exp_00000001","run_id":"bench_00000001_20260101_000000","benchmark":"humaneval","problem_id":"HumanEval/0","strategy":"iterative","roles":{"coder":"coder:1b"},"options":{},"feedback":{"source":"hidden","detail":"full"},"budget":{"max_attempts":null,"max_cost_usd":null,"max_tokens":null,"max_seconds":null},"seed":null}','{"id":"HumanEval/0","benchmark":"humaneval","prompt":"def f():\n","entry_point":"f","examples":[],"payload":{}}');
CREATE TABLE results (
	n INTEGER NOT NULL,
	experiment_id TEXT NOT NULL,
	at TEXT NOT NULL,
	stop TEXT NOT NULL,
	data TEXT NOT NULL,
	solved BOOLEAN NOT NULL,
	attempts INTEGER NOT NULL,
	cost TEXT,
	seconds FLOAT NOT NULL,
	PRIMARY KEY (n),
	FOREIGN KEY(experiment_id) REFERENCES experiments (id)
);
INSERT INTO "results" VALUES(1,'exp_00000001','2026-11-23T12:32:49.956652+00:00','exhausted','{"spec":{"id":"exp_00000001","run_id":"bench_00000001_20260101_000000","benchmark":"humaneval","problem_id":"HumanEval/0","strategy":"iterative","roles":{"coder":"coder:1b"},"options":{},"feedback":{"source":"hidden","detail":"full"},"budget":{"max_attempts":null,"max_cost_usd":null,"max_tokens":null,"max_seconds":null},"seed":null},"stop":"exhausted","best":{"extraction":{"code":"def f():\n    return 42","mode":"strict","how":"fence"},"verdict":{"status":"failed","tests_passed":1,"tests_total":2,"feedback":"AssertionError: f() == 42","tests":[],"level":"","stdout":"","stderr":"","cpu_s":null},"completion":{"text":"def f():\n    return 42","model":"coder:1b","tier":"local","usage":{"input_tokens":100,"output_tokens":20,"cache_read":0,"cache_write":0,"reasoning":0},"cost_usd":"0.01","latency_s":1.5,"first_token_s":null,"finish_reason":"stop","truncated_prompt":null,"sent":{"temperature":0.1},"server":{}},"duplicate":false,"kind":"trial"},"final":{"status":"failed","tests_passed":1,"tests_total":2,"feedback":"AssertionError: f() == 42","tests":[],"level":"","stdout":"","stderr":"","cpu_s":null},"attempts":1,"by_tier":{"local":{"calls":1,"usage":{"input_tokens":100,"output_tokens":20,"cache_read":0,"cache_write":0,"reasoning":0},"cost_usd":"0.01","seconds":1.5}},"by_role":{"coder":{"calls":1,"usage":{"input_tokens":100,"output_tokens":20,"cache_read":0,"cache_write":0,"reasoning":0},"cost_usd":"0.01","seconds":1.5}},"by_phase":{"iteration":{"calls":1,"usage":{"input_tokens":100,"output_tokens":20,"cache_read":0,"cache_write":0,"reasoning":0},"cost_usd":"0.01","seconds":1.5}},"seconds":2.5,"error":""}',0,1,'0.01',2.5);
CREATE TABLE runs (
	id TEXT NOT NULL,
	mode TEXT NOT NULL,
	started_at TEXT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE schema_version (
	version INTEGER NOT NULL,
	name TEXT NOT NULL,
	at TEXT NOT NULL,
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(1,'tables','2026-11-23T12:32:49.876370+00:00');
CREATE TABLE steps (
	experiment_id TEXT NOT NULL,
	step_index INTEGER NOT NULL,
	role TEXT,
	request_key TEXT,
	kind TEXT NOT NULL,
	phase TEXT NOT NULL,
	at TEXT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (experiment_id, step_index),
	FOREIGN KEY(experiment_id, step_index, request_key) REFERENCES completions (experiment_id, step_index, request_key),
	FOREIGN KEY(experiment_id) REFERENCES experiments (id)
);
INSERT INTO "steps" VALUES('exp_00000001',0,'coder','72b1ec88706ecb59e95195026924dd2741f8a668c1ab0ec57bdd1a5f3d201ad2','attempt','iteration','2026-11-23T12:32:49.955158+00:00','{"index":0,"action":{"role":"coder","messages":[{"role":"user","content":"Write f."}],"temperature":null,"max_tokens":null,"sample":0,"phase":"iteration","kind":"attempt"},"outcome":{"extraction":{"code":"def f():\n    return 42","mode":"strict","how":"fence"},"verdict":{"status":"failed","tests_passed":1,"tests_total":2,"feedback":"AssertionError: f() == 42","tests":[],"level":"","stdout":"","stderr":"","cpu_s":null},"duplicate":false,"kind":"trial"},"started_at":"2026-01-01T12:00:00Z","duration_s":2.5}');
CREATE INDEX experiments_on_problem ON experiments (benchmark, problem_id);
CREATE INDEX experiments_of_run ON experiments (run_id);
CREATE INDEX ix_results_experiment_id ON results (experiment_id);
COMMIT;
