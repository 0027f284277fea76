/**
 * A provider of models that needs no model: what tests and benchmarks call in place of one.
 *
 * <p>It is a process of its own that answers chat and embeddings in OpenAI's shape and messages in
 * Anthropic's, treats each call as the model's name says ({@link
 * io.millrace.simulatedprovider.behaviour.ModelName#DESCRIPTION}), and keeps a ledger of every call
 * started and ended, which is the judge of what was called, how often, and what it cost.
 *
 * <pre>
 *   http ──► Doors ──► Gate ──► Calls ──► Delivery ──► http
 *            path      may it   ledger,   the answer,
 *                      be asked latency   whole or spoilt
 * </pre>
 *
 * <p>Also: {@code GET /v1/models}, {@code GET /health} and {@code GET /ledger/summary}. It knows
 * nothing of the other modules but two header names, and listens on 127.0.0.1 only.
 */
@NullMarked
package io.millrace.simulatedprovider;

import org.jspecify.annotations.NullMarked;
