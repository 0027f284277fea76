package io.millrace.simulatedprovider.dialect;

/** A question to a model, read and found in order. */
public sealed interface Inquiry permits ChatInquiry, EmbeddingsInquiry, MessagesInquiry {

    String model();

    Answered answer(Rendering rendering);
}
