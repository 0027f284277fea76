/**
 * What is asked and answered, in the shapes of OpenAI and Anthropic.
 *
 * <p>Answers are a function of the seed and the question: the text picks words of the last message,
 * vectors are drawn from the text they embed. Tokens are words, counted in {@code Words}.
 *
 * <p>Here may not live: HTTP, the wire, the ledger, a clock, a thread. Of faults only what shows in
 * an answer's fields: the usage it claims.
 */
@NullMarked
package io.millrace.simulatedprovider.dialect;

import org.jspecify.annotations.NullMarked;
