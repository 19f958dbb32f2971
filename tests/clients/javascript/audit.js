// Runs the server audit of graphql-http and prints each verdict.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: `${process.env.SERVER_URL}/graphql` });
const verdicts = results.map(({ id, name, status, reason = null }) => ({ id, name, status, reason }));
console.log(JSON.stringify(verdicts));
