const MASK = '****'

// The words by which Flink knows options that nobody may see, and a few more.
const SECRET_WORDS =
  'password|passwd|passphrase|secret|credential|api-?key|access-?key|private-?key|service-?key|account\\.?key|token|auth-params|basic-auth|jaas|http-headers|pwd'

const secretPair = new RegExp(`('(?:[^']|'')*(?:${SECRET_WORDS})(?:[^']|'')*'\\s*=\\s*)'(?:[^']|'')*'`, 'gi')
const secretWithin = new RegExp(`(?:${SECRET_WORDS})[\\w.-]*\\s*[=:]`, 'i')
const secretAnywhere = new RegExp(`(?:${SECRET_WORDS})[\\w.-]*['"\`]?\\s*(?:[=:]|\\bIS\\b|\\bTO\\b)\\s*(?!'\\*{4}')\\S`, 'i')
const secretVariable = new RegExp(`^\\s*\\\\set\\s+\\S*(?:${SECRET_WORDS})\\S*\\s`, 'i')
const addressWithPassword = /:\/\/[^\s/@':]*:[^\s@']+@/

/**
 * A statement as it may be kept on disk: values of options that are secret by their name, and texts that hold a password, are masked. Undefined when something
 * looks like a secret and cannot be told apart, in an unfinished statement for example: such a text is not kept at all.
 */
export function withoutSecrets(text: string): string | undefined {
  const masked = text
    .replace(secretPair, `$1'${MASK}'`)
    .replace(/'(?:[^']|'')*'/g, (string) => (secretWithin.test(string) || addressWithPassword.test(string) ? `'${MASK}'` : string))
  return secretAnywhere.test(masked) || secretVariable.test(masked) || addressWithPassword.test(masked) ? undefined : masked
}
