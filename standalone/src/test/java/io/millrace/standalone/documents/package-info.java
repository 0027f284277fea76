/** Tests of the documents room. */
@NullMarked
package io.millrace.standalone.documents;

import org.jspecify.annotations.NullMarked;
