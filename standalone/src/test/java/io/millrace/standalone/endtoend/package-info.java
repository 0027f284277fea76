/**
 * End-to-end tests: processes as a user starts them, judged by what they say over HTTP, by a full
 * read of the topics and by the provider's own ledger.
 */
@NullMarked
package io.millrace.standalone.endtoend;

import org.jspecify.annotations.NullMarked;
