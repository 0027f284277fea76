/**
 * The demo room: a folder of documents, embedded in one batch and asked one question.
 *
 * <p>Here live the cutting of documents into passages, their embedding by the client room, ranking
 * by similarity, and what the demo prints.
 *
 * <p>Here may not live: how the services are started. The demo knows them by their HTTP door only.
 */
@NullMarked
package io.millrace.standalone.demo;

import org.jspecify.annotations.NullMarked;
