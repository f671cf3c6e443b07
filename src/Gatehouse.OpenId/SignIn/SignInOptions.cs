namespace Gatehouse.OpenId.SignIn;

/// <summary>Signing users in to applications.</summary>
public sealed class SignInOptions
{
    /// <summary>
    /// Whether logout tokens may be sent to loopback, private and other special addresses, such as those of applications in the same
    /// network. Default false.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }
}
