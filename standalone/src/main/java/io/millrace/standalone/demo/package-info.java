/**
 * The demo room: a folder of documents, embedded in one batch and asked one question.
 *
 * <p>Here live the reading and cutting of documents, the client's side of the API as any user would
 * write it, ranking by similarity, and what the demo prints.
 *
 * <p>Here may not live: how the services are started. The demo knows them by their HTTP door only.
 */
@NullMarked
package io.millrace.standalone.demo;

import org.jspecify.annotations.NullMarked;
