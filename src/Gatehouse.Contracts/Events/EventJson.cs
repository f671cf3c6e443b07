using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Contracts.Events;

/// <summary>The JSON form of every event and of every encrypted member: camelCase, absent members omitted.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(EventTime)]
)]
[JsonSerializable(typeof(UserRegisteredV1))]
[JsonSerializable(typeof(UserVerifiedV1))]
[JsonSerializable(typeof(UserSignedInV1))]
[JsonSerializable(typeof(UserSignInFailedV1))]
[JsonSerializable(typeof(SessionStartedV1))]
[JsonSerializable(typeof(SessionRevokedV1))]
[JsonSerializable(typeof(NotificationRequestedV1))]
[JsonSerializable(typeof(NotificationDeliveredV1))]
[JsonSerializable(typeof(NotificationFailedV1))]
[JsonSerializable(typeof(CredentialChangedV1))]
[JsonSerializable(typeof(AuditRecordedV1))]
[JsonSerializable(typeof(UserUpdatedV1))]
[JsonSerializable(typeof(UserEmailChangedV1))]
[JsonSerializable(typeof(UserPhoneChangedV1))]
[JsonSerializable(typeof(UserRolesChangedV1))]
[JsonSerializable(typeof(UserDisabledV1))]
[JsonSerializable(typeof(UserEnabledV1))]
[JsonSerializable(typeof(RoleCreatedV1))]
[JsonSerializable(typeof(RoleUpdatedV1))]
[JsonSerializable(typeof(RoleRegistrationChangedV1))]
[JsonSerializable(typeof(RoleDeletedV1))]
[JsonSerializable(typeof(RoleRequestCreatedV1))]
[JsonSerializable(typeof(RoleRequestUnderReviewV1))]
[JsonSerializable(typeof(RoleRequestApprovedV1))]
[JsonSerializable(typeof(RoleRequestRejectedV1))]
[JsonSerializable(typeof(OrganizationCreatedV1))]
[JsonSerializable(typeof(OrganizationUpdatedV1))]
[JsonSerializable(typeof(OrganizationDeactivatedV1))]
[JsonSerializable(typeof(OrganizationReactivatedV1))]
[JsonSerializable(typeof(OrganizationRelatedChangedV1))]
[JsonSerializable(typeof(TenantCreatedV1))]
[JsonSerializable(typeof(TenantUpdatedV1))]
[JsonSerializable(typeof(TenantSettingsChangedV1))]
[JsonSerializable(typeof(TenantDisabledV1))]
[JsonSerializable(typeof(TenantEnabledV1))]
[JsonSerializable(typeof(TenantDomainVerifiedV1))]
[JsonSerializable(typeof(TenantDomainRemovedV1))]
[JsonSerializable(typeof(UserChangesV1))]
[JsonSerializable(typeof(ContactChangeV1))]
[JsonSerializable(typeof(UserPersonalV1))]
[JsonSerializable(typeof(NotificationPersonalV1))]
[JsonSerializable(typeof(EventEnvelope))]
public sealed partial class EventJson : JsonSerializerContext;
