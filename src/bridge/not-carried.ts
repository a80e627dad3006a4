/** A server asked its client for something that the client cannot be asked for, or did not declare. */
export class NotCarried extends Error {
  override readonly name = "NotCarried";
  /** The client capability that it needs: `sampling`, `elicitation`, `roots`, … */
  readonly capability: string;

  constructor(capability: string) {
    super("the bridge cannot carry what the server asks for");
    this.capability = capability;
  }
}
