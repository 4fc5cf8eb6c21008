import { afterAll } from "vitest";
import { checkAnswers } from "./answers";
import { closeTestDatabases } from "./database";

checkAnswers();
afterAll(closeTestDatabases);
