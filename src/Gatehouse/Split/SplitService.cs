using System.Security.Cryptography;
using System.Text;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Startup;
using Gatehouse.Encryption;
using Gatehouse.Split.Protocol;
using Google.Protobuf;
using Grpc.Core;

namespace Gatehouse.Split;

/// <summary>Answers the other processes of the installation, which prove themselves by the shared credential.</summary>
internal sealed class SplitService(
    SplitOptions options,
    SubjectKeys keys,
    ITenantDirectory tenants,
    IAddressIndex addresses,
    ReadinessGate ready
) : Protocol.Split.SplitBase
{
    public override async Task<OpenReply> Open(OpenRequest request, ServerCallContext context)
    {
        Check(context);
        if (!Guid.TryParse(request.Subject, out var subject))
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The subject is not a UUID."));
        try
        {
            var reply = new OpenReply();
            if (await keys.FindAsync(subject, context.CancellationToken) is { } key)
                reply.Plain = UnsafeByteOperations.UnsafeWrap(key.OpenPersonal(request.Schema, request.Data.ToByteArray()));
            return reply;
        }
        catch (CryptographicException)
        {
            throw new RpcException(new Status(StatusCode.DataLoss, "The data was altered, or belongs to another subject or schema."));
        }
    }

    public override async Task<IndexAddressReply> IndexAddress(IndexAddressRequest request, ServerCallContext context)
    {
        Check(context);
        if (!Guid.TryParse(request.Tenant, out var tenant))
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The tenant is not a UUID."));
        var index = await addresses.ComputeAsync(tenant, new ContactAddress(request.Kind, request.Address), context.CancellationToken);
        return new IndexAddressReply { Index = ByteString.CopyFrom(index.ToStored()) };
    }

    public override async Task<FindTenantReply> FindTenant(FindTenantRequest request, ServerCallContext context)
    {
        Check(context);
        var stop = context.CancellationToken;
        var tenant = request.ByCase switch
        {
            FindTenantRequest.ByOneofCase.Id => Guid.TryParse(request.Id, out var id) ? await tenants.FindAsync(id, stop) : null,
            FindTenantRequest.ByOneofCase.Name => await tenants.FindByNameAsync(request.Name, stop),
            FindTenantRequest.ByOneofCase.Host => await tenants.FindByHostAsync(request.Host, stop),
            FindTenantRequest.ByOneofCase.UnclaimedHost => await tenants.FindDefaultAsync(request.UnclaimedHost, stop),
            FindTenantRequest.ByOneofCase.Only => await tenants.FindOnlyAsync(stop),
            _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "Nothing to find a tenant by.")),
        };
        return new FindTenantReply { Tenant = tenant is null ? null : Message(tenant) };
    }

    private static TenantMessage Message(Tenant tenant)
    {
        var message = new TenantMessage
        {
            Id = tenant.Id.ToString(),
            Name = tenant.Name,
            DisplayName = tenant.DisplayName,
            RegistrationClosed = !tenant.Settings.RegistrationIsOpen,
            DefaultLanguage = tenant.Settings.DefaultLanguage,
            EmailRegistrationClosed = !tenant.Settings.RegistersByEmail,
            PhoneRegistrationClosed = !tenant.Settings.RegistersByPhone,
            GeneratesUsernames = tenant.Settings.GeneratesUsernames,
            PasswordSignInOff = !tenant.Settings.SignsInByPassword,
            CodeSignInOff = !tenant.Settings.SignsInByCode,
            RegistersAutomatically = tenant.Settings.RegistersAutomatically,
            AsksIdentifierFirst = tenant.Settings.AsksIdentifierFirst,
            SecondFactor = tenant.Settings.SecondFactor.ToString(),
            SecondFactorRoles = { tenant.Settings.SecondFactorRoles },
            SecondFactorGraceDays = tenant.Settings.SecondFactorGraceDays,
            SecondFactors = { tenant.Settings.SecondFactors },
            EmailChangeOnce = tenant.Settings.DaysBetweenEmailChanges is null,
        };
        if (tenant.Settings.DaysBetweenEmailChanges is { } days)
            message.DaysBetweenEmailChanges = days;
        if (tenant.Settings.DefaultRegion is { } region)
            message.DefaultRegion = region;
        if (tenant.Terms is { } terms)
        {
            message.TermsVersion = terms.Version;
            foreach (var (language, link) in terms.Links)
                message.TermsLinks[language] = link;
        }

        if (tenant.LinkDomain is { } domain)
            message.LinkDomain = domain;
        return message;
    }

    private void Check(ServerCallContext context)
    {
        var sent = Encoding.UTF8.GetBytes(context.RequestHeaders.GetValue(SplitClient.CredentialHeader) ?? "");
        if (!Is(options.Secret) && !Is(options.PreviousSecret))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The credential is wrong."));
        if (!ready.IsReady)
            throw new RpcException(new Status(StatusCode.Unavailable, "Not ready."));

        bool Is(string secret) =>
            secret.Length > 0 && CryptographicOperations.FixedTimeEquals(sent, Encoding.UTF8.GetBytes("Bearer " + secret));
    }
}
